"""The order of battle: a first plan, what is short, then ever smaller changes; the solver for what is special."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from time import monotonic

from core.domain.errors import Message
from core.planning.anneal.crew import Crew
from core.planning.bounds.disturbance import LeastDisturbed, least_disturbed
from core.planning.bounds.lower import lower_bound
from core.planning.check import Audit
from core.planning.errors import ContradictoryPinsError
from core.planning.plan import Plan
from core.planning.rules import DEFAULT_RULES
from core.planning.search.contradictions import contradiction
from core.planning.search.first import NoPlanInTimeError, first_plan
from core.planning.search.improve import Improver
from core.planning.search.run import Run
from core.planning.units import family_of

#: What is short is mended first, for at most this share of the run.
_PLACING_SHARE = 0.5
#: … or of this one while no plan keeps all pins.
_PLACING_AT_LAST = 0.8
#: How many moves a round of mending and a step of the walk have.
_PLACING_MOVES, _STEP_MOVES = 500, 10_000
#: How long a round should take, in seconds.
_ROUND_SECONDS = 0.1
#: In grains (see `Crew.grain`): the temperature while something is short, and from where to where it falls afterwards.
_PLACING, _HOT, _COLD = 3.5, 0.9, 0.055
#: After so many rounds of mending in vain a walker starts again, and next after so many times as many.
_PATIENCE, _MORE_PATIENCE = 60, 1.3
#: When no plan has kept all pins after so many seconds and that share of the run, it is asked whether any can.
_DOUBT_SECONDS, _DOUBT_SHARE = 2.0, 0.1
#: With more activities than these, building the solver's model of what is pinned takes longer than mending.
_MANY_ACTIVITIES = 100
#: The bound takes this share of the time, or that one where nobody serves: a timetable alone may be proved to be the
#: best, which ends the run, and walkers that went on beside it would take from it what it needs. It takes no more
#: seconds than so many.
_BOUND_SHARE, _TIMETABLE_SHARE, _BOUND_SECONDS = 0.1, 0.25, 30.0
#: How many threads a bound may have while walkers walk, and while they wait for it: the solver's kinds of search for a
#: bound need several, on however few processors (on two of them, four threads raised one to 6 and six to 35).
_BOUND_WORKERS, _BOUND_WORKERS_ALONE = 2, 6
#: How many threads the solver has when it works alone.
_SOLVER_WORKERS = 8
#: How little of a published plan must change is asked for at most this share of the run, and no more seconds than that.
_QUIET_SHARE, _QUIET_SECONDS = 0.35, 90.0
#: The solver alone works on the plan for this share of the run at its end, if there are things only it knows.
_SPECIAL_SHARE = 0.25
#: Better plans are audited and told at most so often, in seconds.
_NEWS_SECONDS = 0.5


class Campaign:
    """How one run goes about its task; with what is `fixed`, which pins hold at its starts and in its rooms."""

    def __init__(self, run: Run, fixed: Plan | None = None) -> None:
        self._run = run
        reproducible = run.limits.steps is not None
        self._task = replace(run.task, workers=1 if reproducible else _SOLVER_WORKERS)
        self._crew = Crew(
            run.task.problem,
            run.task.weights,
            run.task.program_rules,
            1 if reproducible else max(1, run.task.workers),
            seed=run.task.seed,
            fixed=fixed,
        )
        self._fixed = fixed
        self._improver = Improver(self._task)
        self._beside = list[Thread]()
        self._doubted = False
        self._clash: ContradictoryPinsError | None = None
        self._special = set[str]()
        self._told = 0.0
        self._known: int | None = None
        self._moves = _STEP_MOVES
        self._vain, self._patience = 0, _PATIENCE

    def fight(self) -> None:
        """Work until the run is over."""
        timed = self._run.limits.steps is None
        try:
            with self._crew.at_work():
                self._begin()
                self._place()
                self._keep_quiet()
                if timed:
                    self._bound_beside()
                self._prove()
                self._walk()
                self._finish()
            if not timed:
                self._bound()
        finally:
            self._run.end()
            for thread in self._beside:
                thread.join()
        self._run.require_no_failure()

    def _start(self, work: Callable[[], None]) -> Thread:
        """Do something beside the walkers; the campaign waits for it before it ends, as no solver may outlive it.

        If it fails, so does the run.
        """

        def guarded() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised again where the run goes on
                self._run.fail(error)

        thread = Thread(target=guarded)
        self._beside.append(thread)
        thread.start()
        return thread

    def _doubt(self) -> None:
        """Look for pins that can't all be kept."""
        run = self._run
        self._clash = contradiction(self._task, lambda: 0.0 if run.has_plan() or run.has_ended() else run.left() / 2)

    def _begin(self) -> None:
        """Make a first plan: at once, or with the solver's help where programs have rules of their own."""
        past = self._task.problem.frozen
        breaches = self._task.audit(Plan(self._task.problem.name, tuple(past.values()))).breaches if past else ()
        if any(past.keys() >= set(breach.sessions) for breach in breaches):
            clash = contradiction(self._task, self._run.left)
            if clash is not None:
                raise clash
        self._crew.construct()
        if self._task.program_rules and self._objections(self._task.audit(self._crew.best.plan())):
            self._ask_solver()
        else:
            self._news(at_once=True)

    def _ask_solver(self) -> None:
        """Let the crew go on from a first plan by the solver, which knows the rules of programs."""
        plan = first_plan(self._task, self._run.left)
        self._run.accept(plan)
        self._crew.gather(plan)

    def _place(self) -> None:
        """Mend what is short, and what is not as it was pinned."""
        crew, run = self._crew, self._run
        self._mend(_PLACING_SHARE)
        if not run.has_plan():
            self._mend(_PLACING_AT_LAST)
        if not run.has_plan() and len(self._task.problem.activities) <= _MANY_ACTIVITIES:
            run.accept(first_plan(self._task, run.left))
        if not run.has_plan():
            self._mend(1.0)
        if not run.has_plan():
            raise NoPlanInTimeError(Message("No plan that keeps all pins was found in time. Give the planner longer."))
        self._news(at_once=True)
        crew.gather(self._best())

    def _mend(self, share: float) -> None:
        """Make mending moves until nothing is short, or that share of the run is spent.

        Once it takes long to keep all pins, there is a doubt whether that can be done.
        """
        crew, run = self._crew, self._run
        late = run.spent() >= _PLACING_SHARE
        small = len(self._task.problem.activities) <= _MANY_ACTIVITIES
        patience = max(_DOUBT_SECONDS, _DOUBT_SHARE * run.limits.horizon)
        while not run.is_over() and run.spent() < share and not crew.is_complete:
            if late and run.has_plan():
                break
            if self._clash is not None:
                raise self._clash
            if not self._doubted and not run.has_plan() and small and run.elapsed() > patience:
                self._doubted = True
                self._start(self._doubt)
            crew.place(_PLACING_MOVES, _PLACING * crew.grain)
            run.steps += 1
            self._news(at_once=not run.has_plan())
            self._lose_patience()

    def _lose_patience(self) -> None:
        """Let a walker start again now and then: some first plans are hard to mend. What was published is kept to."""
        self._vain += 1
        if self._vain < self._patience or self._task.problem.incumbent_of:
            return
        self._news(at_once=True)
        self._crew.start_again()
        self._vain, self._patience = 0, round(_MORE_PATIENCE * self._patience)

    def _prove(self) -> None:
        """Solve the whole problem at once if it is small, perhaps for good."""
        if self._improver.is_small and not self._run.is_over():
            self._improve(self._run.left() / 2)
            self._crew.gather(self._best())

    def _keep_quiet(self) -> None:
        """Where a plan was published, go on from one that changes as little of it as can be, if that is found in time.

        The walkers walk meanwhile; from what they have changed already they would hardly find back.
        """
        run, crew, problem = self._run, self._crew, self._task.problem
        changes = sum(self._task.weights[name] for name in ("moved", "rehoused", "restaffed"))
        if not problem.incumbent_of or not changes or run.limits.steps is not None:
            return
        found = list[LeastDisturbed | None]()
        seconds = min(_QUIET_SHARE * run.limits.horizon, _QUIET_SECONDS)
        search = self._start(lambda: found.append(least_disturbed(self._task, seconds, run.has_ended)))
        while search.is_alive() and not run.is_over():
            self._steps(crew.grain * _COLD)
        if found and found[0] is not None and not run.is_over():
            run.accept(found[0].plan)
            crew.gather(found[0].plan)

    def _steps(self, temperature: float) -> None:
        """Let the crew make a round of steps; not so many that nobody could ask whether to stop."""
        run = self._run
        started = monotonic()
        self._crew.walk(self._moves, temperature)
        run.steps += 1
        if run.limits.steps is None:
            took = max(1e-3, monotonic() - started)
            self._moves = max(100, min(int(self._moves * _ROUND_SECONDS / took), 2 * self._moves))
        self._news()

    def _walk(self) -> None:
        """Walk from plan to plan while the temperature falls."""
        run, crew = self._run, self._crew
        begin = run.spent()
        while not run.is_over():
            end = 1 - _SPECIAL_SHARE if self._knows_more else 1.0
            share = (run.spent() - begin) / max(1e-9, end - begin)
            if share >= 1:
                break
            self._steps(crew.grain * _HOT * (_COLD / _HOT) ** share)
        self._news(at_once=True)

    def _finish(self) -> None:
        """Let the solver work on what only it knows about: rules and preferences of programs."""
        while self._knows_more and not self._run.is_over():
            self._improve(self._run.left())

    @property
    def _knows_more(self) -> bool:
        """Say whether the solver knows of something that the crew doesn't."""
        return bool(self._special or self._task.program_preferences)

    def _improve(self, seconds: float) -> None:
        step = self._improver.step(self._best(), seconds)
        self._run.steps += 1
        self._run.accept(step.plan)
        if step.proved:
            self._run.raise_bound(self._run.outcome().cost)

    def _best(self) -> Plan:
        return self._run.outcome().plan

    def _bound_beside(self) -> None:
        """Raise the bound beside the walkers; where nobody serves they leave it the processors until it is done."""
        search = self._start(self._bound)
        while not self._task.problem.people and search.is_alive() and not self._run.is_over():
            search.join(_ROUND_SECONDS)

    def _bound(self) -> None:
        """Raise the bound: beside the walkers, or after them where their steps are counted."""
        run, timed = self._run, self._run.limits.steps is None
        share = _BOUND_SHARE if self._task.problem.people else _TIMETABLE_SHARE
        seconds = min(share * (run.limits.horizon if timed else run.elapsed()), _BOUND_SECONDS)
        workers = _BOUND_WORKERS if self._task.problem.people else _BOUND_WORKERS_ALONE
        task = replace(self._task, workers=min(workers, self._task.workers))
        run.raise_bound(lower_bound(task, seconds, run.raise_bound, run.has_ended if timed else None))

    def _news(self, *, at_once: bool = False) -> None:
        """Audit the crew's best plan, if it is new, and keep it; not too often."""
        found = self._crew.best
        if not found.is_valid or found.best_cost == self._known:
            return
        if not at_once and monotonic() - self._told < _NEWS_SECONDS:
            return
        plan = found.plan()
        audit = self._task.audit(plan)
        objections = self._objections(audit)
        if objections:
            self._special |= objections
            if not self._run.has_plan():
                self._ask_solver()
            self._crew.leave_alone(self._special, self._best())
            self._known = None
            return
        self._run.keep(plan, audit)
        self._told, self._known = monotonic(), found.best_cost

    def _objections(self, audit: Audit) -> set[str]:
        """Return the activities, with their families, to which rules of programs object that the crew doesn't know."""
        standard = {rule.name for rule in DEFAULT_RULES}
        breaches = [breach for breach in audit.breaches if breach.rule not in standard]
        if any(not breach.sessions for breach in breaches):
            return set(self._task.problem.activity_of)
        named = {activity for breach in breaches for activity, _ in breach.sessions}
        return {name for activity in named for name in family_of(self._task.problem, activity)}
