"""Tasks, by name: what a network is shown, should answer, is scored by and is read as."""

TASKS = {
    "locate": "glimt.tasks.locate:locate",
    "prompted": "glimt.tasks.prompted:prompted",
    "segment": "glimt.tasks.segment:segment",
}
