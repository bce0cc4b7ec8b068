from django.db import models

from hotline.foundation.fields import BlindIndexField, EncryptedTextField
from hotline.foundation.partitions import MonthPartitioned
from hotline.foundation.tenancy import TenantModel


class Shelf(TenantModel):
    label = models.CharField(max_length=20)


class Book(TenantModel):
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="books", null=True)
    title = models.CharField(max_length=20)
    secret = EncryptedTextField(purpose="book", default="")
    secret_index = BlindIndexField(default="")


class Loan(MonthPartitioned):
    book = models.ForeignKey(Book, on_delete=models.PROTECT)
    note = models.CharField(max_length=20, db_index=True)
    days = models.PositiveSmallIntegerField(default=14)  # Django adds a check constraint to the table
