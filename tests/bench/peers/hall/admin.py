"""A case with its materials in the admin, as the tutorial does it."""
from django.contrib import admin

from .models import Case, Material


class MaterialInline(admin.TabularInline):
    model = Material
    extra = 5


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    inlines = [MaterialInline]
    exclude = ["head_hash"]
    raw_id_fields = ["applicant"]
