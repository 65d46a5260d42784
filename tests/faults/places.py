"""Small disks of our own: a tmpfs, and a file system on a device that can be made to fail. They need the rights to mount."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class CannotMount(Exception):
    """This machine does not let us make a disk: why."""


def run(*command: str) -> str:
    """What the command said. Raises CannotMount when it failed."""
    found = shutil.which(command[0])
    if found is None:
        raise CannotMount(f"there is no {command[0]} here")
    done = subprocess.run([found, *command[1:]], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMount(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder on the ordinary disk."""
    with tempfile.TemporaryDirectory(prefix="shipdesk-fault-") as made:
        yield Path(made)


@contextlib.contextmanager
def tmpfs(size: str = "24m", files: int = 0) -> Iterator[Path]:
    """A disk in memory of that size, with room for that many files."""
    with folder() as place:
        run("mount", "-t", "tmpfs", "-o", f"size={size},nr_inodes={files}", "tmpfs", str(place))
        try:
            yield place
        finally:
            run("umount", "-l", str(place))


class Device:
    """A disk whose blocks lie in a file of a small tmpfs: it fails when that is full, and it can be taken away and attached again."""

    def __init__(self, under: Path, megabytes: int = 40) -> None:
        self.mounted, self._under = under / "mounted", under
        self.mounted.mkdir()
        image = under / "disk.img"
        with image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        self._loop = run("losetup", "--find", "--show", str(image))
        run("mkfs.ext4", "-q", "-m", "0", self._loop)
        self.mount()

    def mount(self) -> None:
        run("mount", self._loop, str(self.mounted))

    def unmount(self) -> None:
        """Takes it out of the tree of files, whoever has files of it open."""
        run("umount", "-l", str(self.mounted))

    def turn_read_only(self) -> None:
        """As Linux does by itself with a disk that shows errors."""
        run("mount", "-o", "remount,abort", str(self.mounted))

    def fails(self) -> None:
        """From now on it cannot keep what is written to a new place of it, and reports an error."""
        fill(self._under)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """What is written to it waits until the block ends."""
        run("fsfreeze", "--freeze", str(self.mounted))
        try:
            yield
        finally:
            run("fsfreeze", "--unfreeze", str(self.mounted))

    def end(self) -> None:
        for command in (("umount", "-l", str(self.mounted)), ("losetup", "--detach", self._loop)):
            with contextlib.suppress(CannotMount):
                run(*command)


@contextlib.contextmanager
def device() -> Iterator[Device]:
    """A disk that can fail."""
    with tmpfs("24m") as place:
        made = Device(place)
        try:
            yield made
        finally:
            made.end()


def fill(place: Path, leave: int = 0) -> Path:
    """Fills the disk up to so many bytes; the file that fills it."""
    found = os.statvfs(place)
    filler = place / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        left = found.f_bavail * found.f_frsize - leave
        while left > 0:
            left -= file.write(b"\0" * min(left, 1 << 20))
    return filler
