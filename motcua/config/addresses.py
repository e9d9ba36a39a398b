"""Where the three sites and the live process are reached: one reading for the web, the live process and commands.

Three hosts, so that a file, a citizen page and a staff page never share cookies or scripts.
"""

from motcua.config import env

PUBLIC_HOST = env.text("MOTCUA_PUBLIC_HOST", "localhost")
STAFF_HOST = env.text("MOTCUA_STAFF_HOST", f"canbo.{PUBLIC_HOST}")
FILES_HOST = env.text("MOTCUA_FILES_HOST", f"tep.{PUBLIC_HOST}")
# In the demo one browser shows many screens at once: each has a name below this one, for a browser keeps the cookie of
# one device for each name. Elsewhere a device is a machine, and opens the public address.
SCREENS = f"man-hinh.{PUBLIC_HOST}"

# Without a name of its own an installation is reached on its machine alone, where no proxy ends TLS and browsers
# trust localhost as they trust HTTPS. With a name, cookies travel over HTTPS only.
HTTPS = env.flag("MOTCUA_HTTPS", default=not env.flag("MOTCUA_DEMO") and PUBLIC_HOST != "localhost")
_PORT = env.integer("MOTCUA_PORT", 8080)
_SCHEME = "https" if HTTPS else "http"
_PORT_SUFFIX = "" if HTTPS else f":{_PORT}"

PUBLIC_URL = env.text("MOTCUA_PUBLIC_URL", f"{_SCHEME}://{PUBLIC_HOST}{_PORT_SUFFIX}")
STAFF_URL = env.text("MOTCUA_STAFF_URL", f"{_SCHEME}://{STAFF_HOST}{_PORT_SUFFIX}")
FILES_URL = env.text("MOTCUA_FILES_URL", f"{_SCHEME}://{FILES_HOST}{_PORT_SUFFIX}")
LIVE_URL = env.text("MOTCUA_LIVE_URL", f"{_SCHEME}://{PUBLIC_HOST}:{env.integer('MOTCUA_LIVE_PORT', 8081)}")


def is_screen(origin: str) -> bool:
    """Tell whether an origin is one of the demo's screens; none is outside the demo."""
    ours = f".{SCREENS}{_PORT_SUFFIX}"
    return env.flag("MOTCUA_DEMO") and origin.startswith(f"{_SCHEME}://") and origin.endswith(ours)
