"""Tasks, by name: what a network is shown, should answer, is scored by and is read as."""

TASKS = {
    "segment": "glimt.tasks.segment:segment",
}
