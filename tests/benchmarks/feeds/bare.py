"""The least that Flask can answer: 304 to everything, from the same server with the same options."""

import gc
import sys
from pathlib import Path

from flask import Flask, Response

from core.cli.serve import Server
from core.config import Settings
from tests.benchmarks.feeds.rivals import THREADS, WORKERS


class Bare(Server):
    """A server whose application looks nothing up."""

    def load(self) -> Flask:
        """Make an application of one page, and spare it the garbage collector as our own is."""
        app = Flask(__name__)

        @app.get("/feeds/<token>.ics")
        def feed(token: str) -> Response:
            return Response(status=304)

        gc.collect()
        gc.freeze()
        return app


if __name__ == "__main__":
    options = {"bind": sys.argv[1], "workers": WORKERS, "threads": THREADS, "worker_class": "gthread"}
    Bare(Settings.in_directory(Path(sys.argv[2])), {**options, "loglevel": "warning"}).run()
