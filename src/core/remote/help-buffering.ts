/** Makes programs that buffer their output write whole lines at once. */

/** Where coreutils has it on nearly every host that has coreutils. */
export const stdbufLibrary = '/usr/libexec/coreutils/libstdbuf.so'

/**
 * Python writes at once with PYTHONUNBUFFERED; programs that use the C library's stdio write whole
 * lines with what \`stdbuf -oL\` sets; where its library lies on nearly every host, no program is
 * asked for it. A value of the user's own wins. The library must be readable
 * after stdbuf has ended (some builds of stdbuf unpack it for the call only), or else every program
 * would complain.
 */
export const helpBuffering: string = `PYTHONUNBUFFERED=\${PYTHONUNBUFFERED-1}
export PYTHONUNBUFFERED
if [ -z "\${LD_PRELOAD-}\${_STDBUF_O-}" ]; then
_fg_x=${stdbufLibrary}
[ -r "$_fg_x" ] || _fg_x=$(exec stdbuf -oL sh -c 'printf %s "$LD_PRELOAD"' 2>/dev/null)
case $_fg_x in
*libstdbuf*) if [ -r "$_fg_x" ]; then LD_PRELOAD=$_fg_x _STDBUF_O=L; export LD_PRELOAD _STDBUF_O; fi ;;
esac
unset _fg_x
fi`
