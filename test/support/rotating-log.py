# Writes numbered lines at a rate and rotates the file at random, until it is told to stop.
#
#   python3 rotating-log.py FILE LINES_PER_S SEED KINDS
#
# KINDS, joined by commas: rename, copytruncate, gz, date, dategz, late. Ends when its stdin ends;
# then FILE.written holds the number of lines. Nothing is written between the copy and the truncation
# of copytruncate, nor to a file that is being packed: what is lost there is lost by the rotation itself.
import os, random, select, shutil, subprocess, sys, time

path, rate, seed, kinds = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4].split(',')
chance = random.Random(seed)


def fresh():
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


def shift():
    for number in range(80, 0, -1):
        for end in ('', '.gz'):
            if os.path.exists(f'{path}.{number}{end}'):
                os.rename(f'{path}.{number}{end}', f'{path}.{number + 1}{end}')


def write(line):
    global written
    os.write(out, b'%09d seq %s\n' % (written, line))
    written += 1


def rotate(kind):
    global out, rotations, written
    rotations += 1
    if kind in ('date', 'dategz'):
        target = f'{path}-20261125-{rotations:05d}'
    else:
        shift()
        target = f'{path}.1'
    if kind == 'copytruncate':
        shutil.copyfile(path, target)
        os.truncate(path, 0)
        return
    os.rename(path, target)
    if kind == 'late':
        for _ in range(20):
            write(b'late')
            time.sleep(0.02)
    os.close(out)
    if kind in ('gz', 'dategz'):
        subprocess.run(['gzip', '-f', target], check=True)
    if chance.random() < 0.3:
        time.sleep(chance.random() * 0.3)
    out = fresh()


out, start, written, rotations = fresh(), time.time(), 0, 0
next_rotation = start + 0.5 + chance.random()
while not select.select([sys.stdin], [], [], 0.01)[0]:
    wanted = int((time.time() - start) * rate)
    lines = []
    while written < wanted:
        lines.append(b'%09d seq %s\n' % (written, b'x' * (written % 120)))
        written += 1
    if lines:
        os.write(out, b''.join(lines))
    if time.time() > next_rotation:
        rotate(chance.choice(kinds))
        next_rotation = time.time() + 0.3 + chance.random() * 1.5
with open(path + '.written', 'w') as total:
    total.write(f'{written} {rotations}')
