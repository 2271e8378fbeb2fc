"""Files on the disk: whole under their name, or not there."""

import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Writes a file beside its name, and gives it the name once all of it is written.

    A full disk leaves nothing; a process that is killed leaves at most what no row names.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{uuid.uuid4().hex}"  # nobody else's, so that it may be taken away again
        try:
            super()._save(part, content)  # type: ignore[misc]  # the stubs leave it out
            return self._named(part, name)
        finally:
            with suppress(OSError):
                self.delete(part)

    def _named(self, part: str, name: str) -> str:
        while True:
            try:
                os.link(self.path(part), self.path(name))  # refuses a name that is taken
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return Path(name).as_posix()
