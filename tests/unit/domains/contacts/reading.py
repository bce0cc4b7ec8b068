"""Reading contacts through HTTP, for the tests beside this file."""

import csv
import io
from typing import Any

from django.test import Client


def listed(client: Client, **query: Any) -> list[str]:
    answer = client.get("/api/v1/contacts", query)
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def audio(client: Client, ids: tuple[str, str], reason: str = "quality check", **headers: str) -> Any:
    url = f"/api/v1/contacts/{ids[0]}/recordings/{ids[1]}/audio"
    return client.get(url, {"reason": reason} if reason else {}, headers=headers)


def csv_rows(client: Client, **query: Any) -> list[dict[str, str]]:
    answer = client.get("/api/v1/contacts.csv", query)
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
