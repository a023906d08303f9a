"""Settings of this installation: copy to config.py beside it, and change what differs.

What stands here are the defaults.  Each can also be given as a variable MEDIATION_<NAME> in the
environment, which wins over this file (`MEDIATION_SHOW_INBOX=true`; values are read as JSON, and as
text where they are none).  A restart reads them again.
"""

# --- who mediates: as registered; on every paper, seal and notice (劳动争议调解仲裁法 art. 10, 14) ------
ORGANISATION_NAME = "北京市东城区劳动争议联合调解中心"
# On the pages, where the full name is too long.
ORGANISATION_SHORT = "东城区总工会劳动争议调解"
# The lower line of the seal.
ORGANISATION_SEAL_LINE = "劳动争议调解专用章"
ORGANISATION_PHONE = "12351"
ORGANISATION_ADDRESS = "北京市东城区"
# To whom a worker's application for arbitration is addressed: the commission of the place where he works
# or where the employer is (劳动争议调解仲裁法 art. 21).
ARBITRATION_COMMISSION = "北京市东城区劳动人事争议仲裁委员会"
# Where the counters of other bodies are and when they are open, by their name under `contacts` in
# mediation/domain/places.yaml (commission, inspection, insurance, fund, legal, court); a body that is not
# here is shown with its number alone.  Have each checked once a year.
ADDRESSES = {"commission": "北京市东城区交道口南大街27号，工作日9:00–12:00、13:30–17:00"}

# --- case numbers: 东工调〔2026〕000128号 -----------------------------------------------------------------
CASE_PREFIX = "东工调"
# Digits of the serial number, which begins at 1 every year.
CASE_WIDTH = 6

# The operator's gateway that `mediation relay` hands texts to, and the word it knows us by.
SMS_GATEWAY_URL = ""
SMS_GATEWAY_TOKEN = ""

# The mail server "HOST:PORT" that takes letters to parties who gave an address ("" for none), the address
# they come from, and what we log in with, if it wants that.
MAIL_SMTP = ""
MAIL_FROM = ""
MAIL_USER = ""
MAIL_PASSWORD = ""
# "starttls", "tls" from the first byte on, or "none" for a server on this very machine.
MAIL_SECURITY = "starttls"
# With this word gateways tell what became of a text or letter (docs/operations.md); "" for not at all.
REPORT_TOKEN = ""

# --- addresses and notices ------------------------------------------------------------------------------
# What links in notices and on papers begin with.  Behind a proxy: the address people type.
PUBLIC_URL = "http://127.0.0.1:8000"
# How many proxies of ours a request passes: each says in X-Forwarded-For and X-Forwarded-Proto who asked it.
# 0 where there is none: then these headers are what anybody may write, and nothing believes them.
PROXIES = 0
# A short address for the links in texts, such as "t.example": a text of more than 70 characters is two.
# Empty: PUBLIC_URL.
SMS_LINK_BASE = ""
# The sender's signature that operators put in front of an SMS: 【区工会调解】.
SMS_SIGNATURE = "区工会调解"
# Show every text that was sent on a page open to all.  For trying the system out; never in service.
SHOW_INBOX = False

# --- database -------------------------------------------------------------------------------------------
# None: mediation.sqlite in this folder.  PostgreSQL: "postgresql://NAME@HOST/DATABASE".
# The variable DATABASE_URL (without prefix) is read too.
DATABASE_URL = None
# Bring the tables up to date at every start.  With several servers: False, and `mediation migrate` first.
MIGRATE = True

# --- anchors: what the log was, kept where nobody here can change it --------------------------------------
# One line for each anchor is appended to this file; None: anchors.log in this folder.  In service it
# belongs on storage that the administrator of this machine can add to and not change.
ANCHOR_FILE = None
# Also mailed to an auditor, "NAME@HOST", through the SMTP server "HOST:PORT" ("" for not at all).
ANCHOR_MAIL_TO = ""
# The sender; "" for the auditor's own address.
ANCHOR_MAIL_FROM = ""
ANCHOR_SMTP = ""
# Also time-stamped by an authority that speaks RFC 3161 ("" for not at all).  Mail and time stamps
# are asked for by `mediation work`, never while somebody waits for a page.
ANCHOR_TSA_URL = ""

# --- names of employers, suggested while somebody types one ------------------------------------------------
# A text file in UTF-8 with one registered name a line, such as an extract of the public business register;
# its path counts from this folder.  "": nothing is suggested.  It is read at every start.  Never a list of
# the employers in our own cases: everybody is shown what is suggested.
EMPLOYER_LIST = ""

# --- backup, of SQLite: docs/operations.md -----------------------------------------------------------------
# A folder on another disk or machine; `mediation work` brings it up to date in every round.
BACKUP_DIR = None
# Any moment of so many days can be restored.
BACKUP_KEEP_DAYS = 35

# --- meetings: docs/operations.md --------------------------------------------------------------------------
# Open pages of meetings that one server process keeps a line to; each has a thread of the server while it is
# open, so it needs some more threads than this.  Who comes when all are taken gets the page every 15 seconds.
WATCHERS = 350

# --- the browser ----------------------------------------------------------------------------------------
# Signs cookies and forms.  Without one, a secret is made at the first start and kept in `secret_key`
# beside this file; give one here if several machines share the work.
# SECRET_KEY = ""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Set to True wherever the pages are served over HTTPS.
SESSION_COOKIE_SECURE = False
# Seconds for which a party who calls a phone its own comes in from a text without a code; a corrected phone
# number ends it at once.
REMEMBER_COOKIE_NAME = "remember"
REMEMBER_COOKIE_DURATION = 30 * 24 * 3600
REMEMBER_COOKIE_HTTPONLY = True
REMEMBER_COOKIE_SAMESITE = "Lax"
# As above: True over HTTPS.
REMEMBER_COOKIE_SECURE = False
# Bytes of a request, and of its fields.
MAX_CONTENT_LENGTH = 4 * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
# Seconds that a form stays good; None: as long as the session.  A bus ride may be long.
WTF_CSRF_TIME_LIMIT = None

# Not here, but in the environment only:
#   MEDIATION_INSTANCE   this folder, when it is not `instance/` where the program stands
#   MEDIATION_FONTS      further folders with fonts, for names that ours cannot draw
