"""What a script says of itself: code for a browser, or for a server."""

import re

from leakscan.analysis.exposure.patterns import lazily

_SERVER = lazily(
    r"\A#!|\brequire\([\"'](?:node:)?(?:express|koa|fastify|http|https|fs|fs/promises|child_process|net|os|cluster|readline|hapi|@hapi/hapi"
    r"|restify|body-parser|dotenv|aws-sdk|firebase-functions|firebase-admin|mongoose|pg|mysql2?|nodemailer|cron|node-cron|worker_threads"
    r"|micro|polka|twilio|discord\.js|telegraf|serverless-http|path)(?:/[\w.-]+)?[\"']\)"
    r"|\bfrom\s*[\"'](?:node:[\w/]+|express|koa|fastify|http|fs|fs/promises|child_process|@nestjs/[\w-]+|hono|aws-lambda|dotenv|firebase-functions"
    r"|firebase-admin|mongoose|pg|next/server|@sveltejs/kit/node|@prisma/client|mongodb|twilio|node-cron|readline|path|os)(?:/[\w.-]+)?[\"']"
    r"|\bimport\s*[\"']dotenv/config[\"']|\bprocess\.(?:argv|exit|stdin|stdout)\b|\b__dirname\b|\bexports\.handler\b|\bexport\s+(?:const|async\s+function)\s+handler\b"
    r"|\bDeno\.(?:serve|env|args)\b|\bBun\.serve\b|https://deno\.land/|\baddEventListener\(\s*[\"']fetch[\"']|\bexport\s+default\s*\{\s*(?:async\s+)?(?:fetch|scheduled|queue|email|tail)\b\s*[(:,}]"
    r"|\bexport\s+(?:async\s+)?function\s+(?:GET|POST|onRequest\w*)\b|\bMeteor\.(?:startup|publish)\b.{0,40}isServer|\bapp\.listen\("
)
# What a module says of itself, as those of Next.js do.
CLIENT_MARK = lazily(r"\A(?:\s|//[^\n]*\n|/\*[\s\S]{0,2000}?\*/)*[\"']use client[\"']")
_BROWSER = lazily(
    r"\bdocument\.(?:getElementById|querySelector\w*|addEventListener|createElement|cookie|body|write|forms)\b|\bwindow\.(?:location|onload|addEventListener|localStorage|open|\w+\s*=)"
    r"|\blocalStorage\.|\bsessionStorage\.|(?<![\w.])\$\(\s*(?:document|window|function|[\"'][#.\w])"
    r"|\$\.(?:ajax|post|get|getJSON)\(|\bXMLHttpRequest\b"
    r"|\balert\(|\bnavigator\.(?:serviceWorker|mediaDevices|geolocation|clipboard)|\bchrome\.(?:runtime|tabs|storage|contextMenus|action)\b|\bbrowser\.(?:runtime|tabs|storage)\b"
    r"|\bself\.addEventListener\(\s*[\"'](?:install|push|activate|notificationclick)|\bjQuery\(|\bangular\.module\(|\bwp\.element\b|\bVue\.(?:component|use|prototype)"
    r"|\bfrom\s*[\"'](?:react|react-dom|vue|svelte|@angular/(?:core|common)[\w/]*|preact|solid-js|lit|react-native|expo[\w-]*|@ionic/[\w-]+|pinia|vuex|@reduxjs/toolkit|alpinejs|jquery)(?:/[\w.-]+)?[\"']"
    r"|\brequire\([\"'](?:react|react-dom|react-native|vue|jquery)[\"']\)|\bwebpackJsonp|webpackChunk"
)
_WEAK = lazily(
    r"\bbtoa\(|\bdocument\.|\bwindow\.|\bimport\.meta\.env\.(?:VITE|PUBLIC)_|\bprocess\.env\.(?:EXPO_PUBLIC|REACT_APP|VUE_APP)_|[\"']\$env/(?:static|dynamic)/public"
)
# Libraries that no browser can use, and modules as Node.js has them; who bundles them is told by the import graph.
_OF_NODE = lazily(
    r"(?:\brequire\(|\bfrom\s{0,9}|\bimport\(?\s{0,9})[\"'](?:twilio|@sendgrid/[\w-]+|authy|twilio-node)[\"'/]"
    r"|^module\.exports\s*=",
    re.MULTILINE,
)
_MARKUP = (".vue", ".svelte", ".jsx", ".tsx")
_LARGEST = 300_000


def for_servers(path: str, text: str) -> str | None:
    """What in a script only a server or a command can do, in words; None if nothing shows."""
    if CLIENT_MARK.search(text[:4000]):
        return None
    found = _SERVER.search(text[:_LARGEST])
    if found is None or (path.endswith(_MARKUP) and _BROWSER.search(text[:_LARGEST])):
        return None
    return f"is server code: it has {found[0].split(chr(10))[0].strip()[:40]}"


def for_browsers(path: str, text: str, *, alone: bool = False) -> str | None:
    """What in a script only a browser or an app can do, in words; None if nothing shows.

    `alone` tells that no package says more of it: then less will do.
    """
    if CLIENT_MARK.search(text[:4000]):
        return "says 'use client'"
    if path.endswith(_MARKUP):
        return "is a component of a user interface"
    found = _BROWSER.search(text[:_LARGEST]) or (_WEAK.search(text[:_LARGEST]) if alone else None)
    return f"is browser code: it has {found[0].split(chr(10))[0].strip()[:40]}" if found else None


def of_node(text: str) -> str | None:
    """What in a script says that it is for servers where nothing else tells, in words; None if nothing shows."""
    found = _OF_NODE.search(text[:_LARGEST])
    return f"looks like a module of Node.js': it has {found[0].strip()}" if found else None
