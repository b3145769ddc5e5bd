"""The two ways to save a case: one view, and the admin's own form."""
from django.contrib import admin
from django.urls import path

from hall import views

urlpatterns = [path("accept", views.accept), path("admin/", admin.site.urls)]
