#!/usr/bin/env python3
"""Stands in for docker: `container inspect` and `logs` as its sources and documentation describe them.

What it keeps is a directory: `state` (ID RUNNING START) and `log` (a line is STAMP CHANNEL TEXT).
`logs --since` is inclusive, `--follow` ends with the container, a name it does not know is an error
on stderr with status 1. With `unreadable` its log driver gives nothing back; who reads since before
`deaf` was written hears nothing more, as after a rotation (moby #37646). A text over 16 KiB comes in parts, with a stamp before each.
"""
import os
import sys
import time

HOME = os.environ['FARGLASS_TEST_ENGINE']
PART = 16384


def state():
    with open(os.path.join(HOME, 'state'), encoding='utf8') as file:
        return file.read().split()


def fail(sentence):
    sys.stderr.write(sentence + '\n')
    sys.exit(1)


def known(name):
    try:
        found = state()
    except FileNotFoundError:
        fail('Error response from daemon: No such container: ' + name)
    if name not in ('shop', found[0]):
        fail('Error response from daemon: No such container: ' + name)
    return found


def show(line):
    stamp, channel, text = line.split(b' ', 2)
    out = sys.stdout.buffer if channel == b'o' else sys.stderr.buffer
    while True:
        out.write(stamp + b' ' + text[:PART])
        text = text[PART:]
        if not text:
            break
    out.flush()


def is_deaf(began):
    deaf = os.path.join(HOME, 'deaf')
    return os.path.exists(deaf) and os.stat(deaf).st_mtime_ns > began


def logs(args):
    began = time.time_ns()
    if os.path.exists(os.path.join(HOME, 'unreadable')):
        fail('Error response from daemon: configured logging driver does not support reading')
    since, tail, follow, names = b'', None, False, []
    words = iter(args)
    for word in words:
        if word == '--since':
            since = next(words).encode()
        elif word == '--tail':
            tail = int(next(words))
        elif word == '--follow':
            follow = True
        elif word != '--timestamps':
            names.append(word)
    found = known(names[0])
    with open(os.path.join(HOME, 'log-' + found[0]), 'rb') as file:
        lines = file.read().splitlines(keepends=True)
        rest = b''
        if lines and not lines[-1].endswith(b'\n'):
            rest = lines.pop()
        kept = [line for line in lines if line.split(b' ', 1)[0] >= since]
        for line in kept if tail is None else kept[len(kept) - min(tail, len(kept)):]:
            show(line)
        while follow:
            if is_deaf(began):
                time.sleep(0.05)
                continue
            rest += file.read()
            *whole, rest = rest.split(b'\n')
            for line in whole:
                show(line + b'\n')
            if not whole:
                now = state() if os.path.exists(os.path.join(HOME, 'state')) else None
                if now is None or now[0] != found[0] or now[1] != 'true':
                    if not file.read(1):
                        break
                    file.seek(-1, 1)
                time.sleep(0.01)


if sys.argv[1:2] == ['--version']:
    print('Docker version 28.2.2, build 000000')
elif sys.argv[1:3] == ['container', 'inspect']:
    print(' '.join(known(sys.argv[-1])))
elif sys.argv[1:2] == ['logs']:
    logs(sys.argv[2:])
else:
    fail('unknown command: ' + ' '.join(sys.argv[1:]))
