"""The web process: plain WSGI, started by granian."""

import ctypes
import os
import signal

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
application = get_wsgi_application()

# A worker whose granian parent was killed would go on answering on the shared port with nobody to stop it.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
