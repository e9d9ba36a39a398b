"""Internal workflows (quy trình nội bộ): definitions, versions, where they apply, and the engine.

Nouns: Workflow, WorkflowVersion, StepRow, RouteRow, WorkflowAssignment. Must not know dossiers or tasks: a
running dossier is rows of `dossiers`, which asks the engine what an act does to its open steps.

Begin with `engine.py` (pure: how steps follow one another) and `checks.py` (pure: may this be published?).
Apart from `procedures` because one workflow serves many procedures and changes on days of its own.
"""
