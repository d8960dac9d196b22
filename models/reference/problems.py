"""What can be wrong with a reference set, told to the person who keeps the files."""

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One finding: where it is and what to do; `row` is the line of the file, 0 for the file as a whole."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.message}"
