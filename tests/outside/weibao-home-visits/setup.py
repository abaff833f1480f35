"""Compiles the catalogues into the wheel: the sources hold them as text alone."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class CompilingBuild(build_py):
    """Copies the package, and sets beside each copied catalogue what programs read."""

    def run(self) -> None:
        """Build, then compile."""
        super().run()
        for catalogue in Path(self.build_lib).rglob("*.po"):
            with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))


setup(cmdclass={"build_py": CompilingBuild})
