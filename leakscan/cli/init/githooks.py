"""Git hooks that run leakscan: written beside the hook that was there, which runs first, and taken away again."""

import os
import shlex
import sys
from pathlib import Path

from leakscan.errors import UsageError

_MARK = "# A leakscan hook: `leakscan init --hook` writes it, and `leakscan init --remove-hook` takes it away."
_KEPT = ".before-leakscan"
# How each hook calls us, and whether git tells it on standard input what it is about.
HOOKS = {
    "pre-commit": ("hook", False),
    "pre-merge-commit": ("hook", False),
    "pre-push": ('hook --push "$@"', True),
    "pre-receive": ("hook --receive", True),
}
_SCRIPT = """\
#!/bin/sh
{mark}
# What stood here before is kept in {name}{kept}; it runs first, and its exit code counts.
{read}kept="$(dirname -- "$0")/{name}{kept}"
if [ -x "$kept" ]; then
  {given}"$kept" "$@" || exit $?
fi
python={python}
if [ -x "$python" ]; then
  {given}"$python" -P -m leakscan {call}
elif command -v leakscan >/dev/null 2>&1; then
  {given}leakscan {call}
else
  echo "leakscan is not where it was ($python): install it again, or delete $0" >&2
  exit 1
fi
"""
_READ = 'lines="$(cat; echo .)"\n'
_GIVEN = 'printf %s "${lines%.}" | '


def script(name: str) -> str:
    """The text of a hook. It runs the Python that leakscan is installed in, without looking into the work tree (-P)."""
    call, told = HOOKS[name]
    return _SCRIPT.format(
        mark=_MARK,
        name=name,
        kept=_KEPT,
        read=_READ if told else "",
        given=_GIVEN if told else "",
        python=shlex.quote(Path(sys.executable).as_posix()),
        call=call,
    )


def is_ours(hook: Path) -> bool:
    """Whether a hook is one that we wrote."""
    try:
        with hook.open("rb") as file:
            return _MARK.encode() in file.read(1000).splitlines()
    except OSError:
        return False


def install(folder: Path, name: str, *, dry: bool) -> str:
    """Write a hook, and say so; one that is there is kept beside it. Raises UsageError."""
    hook, kept = folder / name, folder / (name + _KEPT)
    text = script(name)
    there = os.path.lexists(hook)
    if there and is_ours(hook):
        if hook.read_text("utf-8") == text:
            return f"{hook} is there already"
        there, said = False, f"renewed {hook}"
    else:
        said = f"wrote {hook}" + (f"; what was there runs first, as {kept.name}" if there else "")
    if there and os.path.lexists(kept):
        raise UsageError(f"{hook} and {kept} are both there: move one of them away")
    if dry:
        return f"would have: {said}"
    try:
        folder.mkdir(exist_ok=True)
        new = folder / f".{name}.leakscan-{os.getpid()}"
        with os.fdopen(
            os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777), "w", encoding="utf-8", newline="\n"
        ) as file:
            file.write(text)
        if there:
            hook.rename(kept)
        new.replace(hook)
    except OSError as error:
        raise UsageError(f"cannot write {hook}: {error.strerror}") from None
    return said


def remove(folder: Path, *, dry: bool) -> list[str]:
    """Take away every hook of ours, put back what was there before, and say so. Raises UsageError."""
    said = []
    for name in HOOKS:
        hook, kept = folder / name, folder / (name + _KEPT)
        if not is_ours(hook):
            continue
        back = os.path.lexists(kept)
        said.append(
            f"{'would have removed' if dry else 'removed'} {hook}" + (f" and put {kept.name} back" if back else "")
        )
        try:
            if dry:
                continue
            if back:
                kept.replace(hook)
            else:
                hook.unlink()
        except OSError as error:
            raise UsageError(f"cannot remove {hook}: {error.strerror}") from None
    return said
