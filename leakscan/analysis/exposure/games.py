"""Games (Unity, Godot, LÖVE, GameMaker, Ren'Py): players have the scripts and what is packed beside them."""

import re
from typing import TYPE_CHECKING

from leakscan.analysis.exposure.patterns import lazily
from leakscan.model import Exposure

if TYPE_CHECKING:
    from leakscan.analysis.exposure.project import Survey

_UNITY_CODE = lazily(r"^\s*using\s+UnityEngine\b", re.MULTILINE)
_UNITY = lazily(r"(?:^|/)Assets/")
_UNITY_ASSET = lazily(r"(?:^|/)Assets/.*\.(?:asset|prefab|unity|json|txt|bytes)$")
# By the ending of a script what shows that it is one, and of which engine; GAP's declarations end in .gd, too.
_CODE = (
    (
        ".gd", "a Godot game",
        lazily(
            r"^(?:extends\s+[\w\"]|class_name\s+\w|@?onready\s+var\s|(?:static\s+)?func\s+_(?:ready|init|process)\s?\()",
            re.MULTILINE,
        ),
    ),
    (".cs", "a Godot game", lazily(r"^\s*using\s+Godot\b", re.MULTILINE)),
    (".lua", "a LÖVE game", lazily(r"^\s*function\s+love\.\w+\s*\(", re.MULTILINE)),
    (".gml", "a GameMaker game", lazily(r"")),
    (".rpy", "a Ren'Py game", lazily(r"")),
)  # fmt: skip
# What runs on the developer's machine or on a server: a script for the command line, a plugin of the editor, a host.
_GODOT_APART = lazily(
    r"^extends\s+(?:SceneTree|MainLoop|Editor\w+)\b|^@?tool\s*$|\bcreate_server\(|dedicated_server|\bTCPServer\.new\(",
    re.MULTILINE,
)


def game(path: str, text: str, survey: "Survey") -> Exposure | None:
    """What tells that a file is part of a game that players install; None if nothing does."""
    if path.endswith((".tscn", ".tres", "project.godot")):
        return _client(f"{path} is packed into the Godot game")
    if path.endswith(".cs") and (_UNITY_CODE.search(text) or (_UNITY.search(path) and _is_unity(survey))):
        return _client(f"{path} is a script of a Unity game")
    if _UNITY_ASSET.search(path) and _is_unity(survey):
        return _client(f"{path} is shipped with the Unity game")
    for ending, what, code in _CODE:
        if path.endswith(ending) and code.search(text) and not (ending == ".gd" and _GODOT_APART.search(text)):
            return _client(f"{path} is a script of {what}")
    return None


def _client(reason: str) -> Exposure:
    return Exposure("client", reason)


def _is_unity(survey: "Survey") -> bool:
    return any(each.endswith("ProjectSettings/ProjectVersion.txt") for each in survey.paths)
