# Writes numbered lines of random lengths to stdout and stderr, and the same bytes to files of its
# own: what truly was written. Arguments: directory, seed, number of lines, lines per second (0: all at once).
import os
import random
import sys
import time

directory, seed, lines, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])


def file_of(name):
    return os.open(os.path.join(directory, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


# One line for every time that the command is started.
write_all(file_of('started'), b'started\n')
# Descriptor of the channel, and of the file that keeps its truth.
channels = ((1, file_of('truth.out')), (2, file_of('truth.err')))
choice = random.Random(seed)
begin = time.monotonic()
written = 0
while written < lines:
    due = lines if rate == 0 else min(lines, int((time.monotonic() - begin) * rate) + 1)
    while written < due:
        batch = ([], [])
        # Short batches, so that neither channel runs far ahead of the other.
        for _ in range(min(due - written, 200)):
            written += 1
            text = b'%07d %s' % (written, b'abcdefghijklmnopqrstuvwxyz'[: choice.randrange(26)] * choice.randrange(8))
            # Every second seed leaves the last line without its newline.
            end = b'' if written == lines and seed % 2 == 1 else b'\n'
            batch[1 if choice.random() < 0.2 else 0].append(text + end)
        for (output, truth), parts in zip(channels, batch):
            data = b''.join(parts)
            write_all(output, data)
            write_all(truth, data)
    time.sleep(0.005)
write_all(file_of('done'), b'done\n')
