"""Django settings: one file, read from the environment, refusing bad values (see `config.env`)."""

from csp.constants import NONE, SELF

from motcua import __version__
from motcua.config import addresses, database, env, identity, mail, providers

ROOT = env.ROOT
DATA = env.data_dir()
VERSION = __version__

DEBUG = False
DEMO = env.flag("MOTCUA_DEMO")
TRAINING = env.flag("MOTCUA_TRAINING")  # a sandbox beside a real installation: every page and paper says so
HTTPS = addresses.HTTPS
PUBLIC_HOST, STAFF_HOST, FILES_HOST = addresses.PUBLIC_HOST, addresses.STAFF_HOST, addresses.FILES_HOST
PUBLIC_URL, STAFF_URL, FILES_URL = addresses.PUBLIC_URL, addresses.STAFF_URL, addresses.FILES_URL
LIVE_URL = addresses.LIVE_URL
ALLOWED_HOSTS = [
    PUBLIC_HOST,
    STAFF_HOST,
    FILES_HOST,
    *(["127.0.0.1", f".{addresses.SCREENS}"] if DEMO else []),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, STAFF_URL]
HOST_URLCONFS = {
    PUBLIC_HOST: "motcua.config.urls_public",
    STAFF_HOST: "motcua.config.urls_staff",
    FILES_HOST: "motcua.config.urls_files",
}
ROOT_URLCONF = "motcua.config.urls_public"
WSGI_APPLICATION = "motcua.config.wsgi.application"

# ── Secrets, generated at first start under MOTCUA_DATA/secrets, never in the environment or the database.
SECRET_KEY = env.secret("django").hex()
FIELD_KEY = env.secret("field")  # AES-GCM of personal numbers
INDEX_KEY = env.secret("index")  # HMAC of personal numbers, look-up secrets and tokens
LIVE_KEY = env.secret("live")  # signs the tickets with which open screens listen
PUSH_KEY = env.secret("push")  # by which push services know us; changed, every browser must ask anew

# ── Database. The program's role owns nothing; `admin` migrates and exists only where its address is given.
_ADMIN_URL = database.admin_url()
DATABASES = {
    "default": database.Address.parse(database.program_url()).django(
        pool=env.integer("MOTCUA_DATABASE_POOL", 0) or None
    )
}
if _ADMIN_URL:
    DATABASES["admin"] = database.Address.parse(_ADMIN_URL).django(pool=None)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "motcua.base.audit",
    "motcua.base.calendars",
    "motcua.base.numbering",
    "motcua.base.outbox",
    "motcua.base.jobs",
    "motcua.base.retention",
    "motcua.base.files",
    "motcua.base.printing",
    "motcua.base.notifications",
    "motcua.ui",
    "motcua.accounts",
    "motcua.agencies",
    "motcua.applicants",
    "motcua.procedures",
    "motcua.eforms",
    "motcua.online",
    "motcua.workflow",
    "motcua.counters",
    "motcua.dossiers",
    "motcua.certification",
    "motcua.feedback",
    "motcua.privacy",
    "motcua.moving",
    "motcua.reports",
    "motcua.exchange",
    "motcua.sites.portal",
    "motcua.sites.desk",
    "motcua.sites.console",
    "motcua.sites.boards",
    "motcua.sites.kiosk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.config.middleware.HostMiddleware",
    "motcua.config.middleware.StorableMiddleware",
    "motcua.config.middleware.HeadersMiddleware",
    "motcua.config.middleware.PolicyMiddleware",
    "motcua.config.middleware.LanguageMiddleware",
    "motcua.config.bodies.BodiesMiddleware",
    "motcua.config.turns.TurnsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.config.middleware.StaffSessionMiddleware",
    "motcua.accounts.middleware.SecondFactorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "motcua" / "accounts" / "templates"],  # before allauth's own pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
            ],
        },
    },
    # Only the few hot pages (architecture §2, decision 0012), once for each language.
    *(
        {
            "NAME": f"hot-{code}",
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [ROOT / "motcua" / "dossiers" / "jinja2"],
            "OPTIONS": {"environment": f"motcua.config.jinja.{language}"},
        }
        for code, language in (("vi", "vietnamese"), ("en", "english"))
    ),
]

# ── Language and time. The source language is Vietnamese; the law lives in Asia/Ho_Chi_Minh; rows are UTC.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "motcua" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# ── The province's name and three colours (action, emblem, second emblem); poor contrast refuses to start.
PLACE_NAME = env.text("MOTCUA_PLACE_NAME", "Hải Phòng" if DEMO else "")
HOTLINE = env.text("MOTCUA_HOTLINE", "1022")  # the number people may call; 1022 serves in most provinces
THEME = env.text("MOTCUA_THEME")  # "#0b4f8a #c8102e #f2b705"

# ── Static files: third-party ones are collected at set-up into an ignored folder and checked by assets.lock.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not env.flag("MOTCUA_PLAIN_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.flag("MOTCUA_PLAIN_STATIC")
WHITENOISE_MAX_AGE = 86400

# ── Security headers (trust-and-ux §4.1 "Browser"); HSTS only where TLS ends in front of us.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", FILES_URL],
        "font-src": [SELF],
        "connect-src": [SELF, LIVE_URL],
        "form-action": [SELF, FILES_URL],  # a file is asked for by POST, and comes from there
        "frame-src": [SELF, FILES_URL],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the kiosk's while the server is away, the number's for notifications
        "media-src": [SELF],  # the voice of a hall
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("MOTCUA_BEHIND_PROXY") else None
_COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}motcua"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}motcua-csrf"
LANGUAGE_COOKIE_NAME = "motcua-lang"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # absolute; the idle limits stand in accounts (15 min, administrators 5)
THREADS = env.integer("MOTCUA_THREADS", 16)  # of one web worker; `motcua.config.bodies` keeps some for pages
TURNS = max(1, env.integer("MOTCUA_TURNS", 2))  # how many of them compute at a time: `motcua.config.turns`
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["motcua.base.files.uploads.LimitedUploadHandler"]  # stops writing at the limit
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CSRF_FAILURE_VIEW = "motcua.config.errors.csrf_failure"

# ── Accounts: see motcua.accounts.
# ── Background work
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
TESSERACT = env.text("MOTCUA_TESSERACT") or "tesseract"  # a program's name or path; "off": scans are not read
CLAMD = env.text(
    "MOTCUA_CLAMD"
)  # unix:/path or tcp:host:port of ClamAV; "off"; empty: Debian's socket, where it is
SIGNATURE_ROOTS = env.text("MOTCUA_SIGNATURE_ROOTS")  # folder; empty: signature-roots under MOTCUA_DATA
ESPEAK = (
    env.text("MOTCUA_ESPEAK") or "espeak-ng"
)  # a name or path; "off": calls are spoken from recordings only

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["motcua.accounts.backends.Backend"]
SESSION_ENGINE = "motcua.accounts.session_store"
PASSWORD_HASHERS = [
    "motcua.accounts.hashers.ServerArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
MOTCUA_ACTOR_RESOLVER = "motcua.agencies.queries.actor_of_request"
# Citizens are people of `applicants`, which stands above the two that log them in: who arrives, and for whom they act.
MOTCUA_CITIZEN_ARRIVES = "motcua.applicants.operations.citizens.arrive"
MOTCUA_CITIZEN_FIRST_PAGE = "motcua.applicants.acting.first_page"
MOTCUA_CITIZEN_RESOLVER = "motcua.applicants.acting.actor_of_citizen"
# What closing a unit or an agency asks: how many open dossiers stand on it.
MOTCUA_OPEN_WORK = "motcua.dossiers.open_work"
# What apps above the dossiers put on an administrator's first page.
MOTCUA_OFFICE_TASKS = ["motcua.privacy.office.TASKS"]
# What goes with an erasure by request in apps beside `privacy`: what was prepared and never handed in.
MOTCUA_ERASERS = ["motcua.online.operations.erasing", "motcua.applicants.operations.vault_erasing"]
# Whose rows follow when agencies merge, split or hand a unit over; the lowest app first.
MOTCUA_FOLLOWERS = [
    "motcua.procedures.operations.following",
    "motcua.workflow.operations.following",
    "motcua.dossiers.operations.following",
]
LOGIN_URL = "/dang-nhap/"
CITIZEN_LOGIN_URL = "/dang-nhap-cong-dan/"
OIDC = identity.read(demo=DEMO)  # who says who a citizen is; None: not connected
CITIZEN_PASSWORDS = env.flag("MOTCUA_CITIZEN_PASSWORDS")  # closed installations only, by invitation
CITIZEN_PASSWORD_LEVEL = env.integer(
    "MOTCUA_CITIZEN_PASSWORD_LEVEL", 1
)  # the assurance such a log-in counts as
LOGIN_REDIRECT_URL = "/"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "motcua.accounts.validators.LengthByKind"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "motcua.accounts.validators.NoContextWords"},
    {"NAME": "motcua.accounts.validators.NotUsedLately"},
]
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("MOTCUA_BEHIND_PROXY") else 0
ACCOUNT_ADAPTER = "motcua.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: the adapter says no
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 300  # seconds between the password and the second factor
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = False  # accounts.operations.guards counts in the database, over all processes
ACCOUNT_FORMS = {
    "login": "motcua.accounts.forms.LoginForm",
    "reauthenticate": "motcua.accounts.forms.ReauthenticateForm",
    "change_password": "motcua.accounts.forms.ChangePasswordForm",
}
MFA_ADAPTER = "motcua.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Một cửa"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "motcua.accounts.forms.AuthenticateForm",
    "reauthenticate": "motcua.accounts.forms.MFAReauthenticateForm",
    "activate_totp": "motcua.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "motcua.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "motcua.accounts.forms.EditPasskeyForm",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "motcua.config.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # else every command says which jobs there are
    "root": {"handlers": ["stderr"], "level": env.text("MOTCUA_LOG_LEVEL", "INFO")},
}

# ── Mail: reminders to officers. Without a server the demo writes letters to files; elsewhere none are written.
SMTP = mail.read()
MAIL = SMTP is not None or DEMO
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if SMTP else 'filebased' if DEMO else 'dummy'}.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA / "mail")
if SMTP is not None:
    EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = SMTP.host, SMTP.port, 20
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.user, SMTP.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP.tls == "starttls", SMTP.tls == "tls"
DEFAULT_FROM_EMAIL = SMTP.sender if SMTP else f"motcua@{STAFF_HOST.split(':')[0]}"

# ── Text messages, Zalo, push: who carries them (docs/reference/notifications.md).
PROVIDERS = providers.read()
MESSAGE_CONNECTIONS = max(
    1, min(32, env.integer("MOTCUA_MESSAGE_CONNECTIONS", 8))
)  # of each channel at a time

# Networks of ours that webhooks may lead into, as "10.20.0.0/16, fd00::/8"; everything private is closed otherwise.
WEBHOOK_NETWORKS = env.text("MOTCUA_WEBHOOK_NETWORKS")

# Legal and house defaults that an installation may change (dated data lives in the database).
DUE_CONVENTION = env.text("MOTCUA_DUE_CONVENTION", "END")  # END or CLOCK, see docs/reference/due-dates.md
if DUE_CONVENTION not in {"END", "CLOCK"}:
    raise env.BadSetting(f"MOTCUA_DUE_CONVENTION={DUE_CONVENTION!r}: use END or CLOCK")
