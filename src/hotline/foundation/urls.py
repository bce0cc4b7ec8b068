"""Addresses that web answers. Domains are mounted by `api.build`."""

from django.urls import include, path

from hotline.foundation import pages
from hotline.foundation.api import build

handler500 = "hotline.foundation.api.failed"
browser_api, internal_api = build()

urlpatterns = [
    path("health", pages.health),
    path("ready", pages.ready),
    path("metrics", pages.metrics),
    path("api/v1/", browser_api.urls),
    path("internal/", internal_api.urls),
    path("_allauth/", include("allauth.headless.urls")),
]
