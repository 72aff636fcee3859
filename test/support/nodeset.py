# Says what ClusterShell makes of node sets. First line of input: {"groups": {source: {group: nodes}},
# "all": nodes}; then one expression as JSON in each line. Answers one line each: nodes, or null for
# what ClusterShell refuses.
import json
import sys

from ClusterShell.NodeSet import NodeSet
from ClusterShell.NodeUtils import GroupResolver, GroupSource

known = json.loads(sys.stdin.readline())
sources = {
    name: GroupSource(name, groups, known["all"]) for name, groups in known["groups"].items()
}
resolver = GroupResolver(sources.pop("default"))
for source in sources.values():
    resolver.add_source(source)
for line in sys.stdin:
    try:
        nodes = list(NodeSet(json.loads(line), resolver=resolver))
    except Exception:
        nodes = None
    sys.stdout.write(json.dumps(nodes) + "\n")
