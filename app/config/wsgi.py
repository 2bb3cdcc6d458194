"""The callable that granian serves."""

import gc
import os

from django.core import signals
from django.core.cache import close_caches
from django.core.wsgi import get_wsgi_application
from django.db import reset_queries
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.config.settings")
application = get_wsgi_application()

# What Django does around each request for DEBUG and for its caches, of which there are none here.
signals.request_started.disconnect(reset_queries)
signals.request_finished.disconnect(close_caches)

# What is there before the first request stays until the end. The collector need not look through it again and again,
# which stops every thread for as long as a hundred requests take.
assert get_resolver().url_patterns  # noqa: S101 - loads the views
gc.freeze()
