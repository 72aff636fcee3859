/** Gives a script a process group of its own, on which all that ends processes on a host is built. */

/**
 * sshd makes a session of processes for each session of SSH; Dropbear leaves all of them in the group
 * of its server, where a signal to the group of one would hit all others of that user. There, where no
 * group has the number of the shell, it becomes another one, in a session that setsid makes, which reads
 * the script and has our stdin again by the time it runs it. The text is there twice, as bash 5.2 crashes
 * when what it evaluates touches the stdin from which it reads.
 */
export function inOwnGroup(script: string): string {
  const tag = tagFor(script)
  return `{ kill -0 "-$$" 2>/dev/null || ! command -v setsid >/dev/null || exec setsid sh -s 3<&0 <<'${tag}'
{ exec <&3 3<&-
${script}}
${tag}
${script}exit
}
`
}

/** A line that is not in the script, which ends with a newline. */
function tagFor(script: string): string {
  let tag = '_FG'
  while (script.includes(tag)) tag += 'G'
  return tag
}
