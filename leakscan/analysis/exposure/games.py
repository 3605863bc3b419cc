"""Games (Unity, Godot, LÖVE, GameMaker, Ren'Py): players have the scripts and what is packed beside them."""

import re
from typing import TYPE_CHECKING

from leakscan.analysis.exposure.patterns import lazily
from leakscan.model import Exposure

if TYPE_CHECKING:
    from leakscan.analysis.exposure.project import Survey

_UNITY_CODE = lazily(r"^\s*using\s+UnityEngine\b", re.MULTILINE)
_UNITY_ASSET = lazily(r"(?:^|/)Assets/.*\.(?:asset|prefab|unity|json|txt|bytes)$")
_GODOT_NET = lazily(r"^\s*using\s+Godot\b", re.MULTILINE)
_GODOT_PACKED = (".tscn", ".tres", "project.godot")
_GODOT_CODE = lazily(
    r"^(?:extends\s+[\w\"]|class_name\s+\w|@?onready\s+var\s|(?:static\s+)?func\s+_(?:ready|init|process)\s?\()",
    re.MULTILINE,
)
# What runs on the developer's machine or on a server: a script for the command line, a plugin of the editor, a host.
_GODOT_APART = lazily(
    r"^extends\s+(?:SceneTree|MainLoop|Editor\w+)\b|^(?:@tool|tool)\s*$|\bcreate_server\(|dedicated_server|\bTCPServer\.new\(",
    re.MULTILINE,
)
_LOVE = lazily(r"^\s*function\s+love\.\w+\s*\(", re.MULTILINE)


def game(path: str, text: str, survey: "Survey") -> Exposure | None:
    """What tells that a file is part of a game that players install; None if nothing does."""
    if path.endswith(".cs"):
        if _UNITY_CODE.search(text) or (re.search(r"(?:^|/)Assets/", path) and _is_unity(survey)):
            return _client(f"{path} is a script of a Unity game")
        return _client(f"{path} is a script of a Godot game") if _GODOT_NET.search(text) else None
    if _UNITY_ASSET.search(path) and _is_unity(survey):
        return _client(f"{path} is shipped with the Unity game")
    if path.endswith(".gd"):  # GAP's declarations have that ending, too
        if _GODOT_APART.search(text):
            return Exposure("unknown", "")
        return _client(f"{path} is a script of a Godot game") if _GODOT_CODE.search(text) else None
    if path.endswith(_GODOT_PACKED):
        return _client(f"{path} is packed into the Godot game")
    if path.endswith((".gml", ".rpy")):
        return _client(f"{path} is a script of a game that players install")
    if path.endswith(".lua") and _LOVE.search(text):
        return _client(f"{path} is a script of a LÖVE game")
    return None


def _client(reason: str) -> Exposure:
    return Exposure("client", reason)


def _is_unity(survey: "Survey") -> bool:
    return any(each.endswith("ProjectSettings/ProjectVersion.txt") for each in survey.paths)
