"""What the page asks and is told (web/API.md), on frames whose targets are known."""

import cv2
import numpy as np
import pytest
from annotate.projects import SHAPE, a_draft, by
from annotate.web.caller import Caller, pixels_of, run_mask

from glimt.annotate.service import place
from glimt.annotate.store import targets_on
from glimt.labelers.make import make_labeler

PLUS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)


def test_the_page_begins_with_what_there_is_and_where_to_go_on(web):
    project = web.get("/project").json()
    assert (project["name"], project["user"], project["readonly"], project["frames"]) == ("set", "ann", False, 6)
    assert project["counts"] == {"todo": 6} | dict.fromkeys(
        ("candidate", "accepted", "fixed", "flagged", "empty", "missing"), 0
    )
    assert project["resume"] == {"sequence": "a", "index": 0}
    assert [one["name"] for one in project["generators"]] == ["fuse", "tau", "pamg", "pmg", "p2b", "box"]
    assert project["export_formats"] == ["glimt", "coco", "yolo", "voc", "labelme", "png", "points"]
    web.add(3, 10, 14)
    assert web.get("/project").json()["resume"] == {"sequence": "a", "index": 2}
    rows = web.get("/sequences").json()["sequences"]
    assert [(row["name"], row["frames"], row["first"], row["counts"]["candidate"]) for row in rows] == [
        ("a", 4, 1, 1),
        ("b", 2, 5, 0),
    ]


def test_every_generator_on_offer_draws_with_its_own_options(web):
    for one in web.get("/project").json()["generators"]:
        params = {param["name"]: param["default"] for param in one["params"]}
        answer = web.propose(generator=one["name"], params=params)
        assert answer.status_code == 200, (one["name"], answer.text)
        assert answer.json()["area"] > 0
        for param in one["params"]:
            ends = param.get("choices") or (param["min"], param["max"])
            for value in ends:
                changed = web.propose(generator=one["name"], params=params | {param["name"]: value})
                assert changed.status_code == 200, (one["name"], param["name"], value, changed.text)


def test_a_proposal_is_what_the_labeler_draws_and_stores_nothing(web, folder):
    made = web.propose().json()
    image = cv2.imread(str(folder / "a/000.png"), cv2.IMREAD_UNCHANGED).astype(np.float32) / 65535
    expected = make_labeler("fuse")(image, np.array([[10.0, 10.0]])) == 1
    assert np.array_equal(pixels_of(made["mask"], SHAPE), expected)
    assert (made["area"], web.frame()["rev"], web.frame()["targets"]) == (expected.sum(), 0, [])


def test_a_click_becomes_a_target_that_a_frame_shows_again(web):
    answer = web.add()
    assert answer.status_code == 201
    body, frame = answer.json(), web.frame()
    assert (body["rev"], body["frame_status"], frame["rev"], frame["status"]) == (1, "candidate", 1, "candidate")
    assert frame["targets"] == [body["target"]]
    target = body["target"]
    assert (target["generator"], target["source"], target["status"], target["by"]) == (
        "fuse",
        "fuse",
        "candidate",
        "ann",
    )
    assert target["params"] == {"reach": 30, "polarity": "auto"}
    assert (frame["can_undo"], frame["can_redo"]) == (True, False)
    assert (frame["height"], frame["width"], frame["bits"], frame["frames"]) == (*SHAPE, 16, 4)
    assert frame["neighbours"] == {"-2": None, "-1": None, "0": 1, "1": 2, "2": 3}


def test_tau_is_fuse_with_another_end(web):
    made = web.propose(generator="tau", params={"tau": 0.3}).json()
    target = web.add(mask=made["mask"], generator="tau", params={"tau": 0.3}).json()["target"]
    assert (target["source"], target["generator"], target["params"]["tau"]) == ("fuse", "tau", 0.3)


def test_a_stroke_is_a_person_s_and_is_fixed_once_accepted(web):
    target = web.add().json()["target"]
    mask = run_mask(PLUS, 9, 9)
    drawn = web.send("PUT", f"/targets/{target['uuid']}", {"op": "stroke", "mask": mask}, 1).json()["target"]
    assert (drawn["source"], drawn["generator"], drawn["area"], drawn["quality"]) == ("hand", None, 5, None)
    assert np.array_equal(pixels_of(drawn["mask"], SHAPE)[9:12, 9:12], PLUS)
    done = web.send("PUT", f"/targets/{target['uuid']}", {"op": "accept", "status": "fixed"}, 2).json()
    assert (done["target"]["status"], done["frame_status"], done["rev"]) == ("fixed", "fixed", 3)
    moved = {"op": "nudge", "mask": run_mask(PLUS, 10, 9), "generator": "fuse", "params": {}}
    moved = web.send("PUT", f"/targets/{target['uuid']}", moved, 3).json()["target"]
    assert (moved["source"], moved["status"], moved["row"]) == ("fuse", "accepted", 11)


def test_what_is_drawn_without_a_click_gets_its_seed_from_the_mask(web):
    new = {"op": "create", "uuid": "6a9d39d4-97b7-4ae3-a0c4-96e3ec3a8e3f", "mask": run_mask(PLUS, 20, 30), "seeds": []}
    target = web.send("POST", "/frames/1/targets", new, 0).json()["target"]
    assert (target["seeds"], target["source"], target["status"]) == ([{"row": 21, "col": 31}], "hand", "candidate")


def test_undo_and_redo_answer_with_the_whole_frame(web):
    target = web.add().json()["target"]
    web.send("PUT", f"/targets/{target['uuid']}", {"op": "flag", "status": "flagged", "reason": "clutter?"}, 1)
    back = web.send("POST", "/frames/1/undo", rev=2).json()
    assert (back["changed"], back["frame"]["targets"][0]["status"], back["frame"]["can_redo"]) == (
        target["uuid"],
        "candidate",
        True,
    )
    forth = web.send("POST", "/frames/1/redo", rev=3).json()["frame"]
    assert (forth["targets"][0]["status"], forth["targets"][0]["reason"], forth["status"]) == (
        "flagged",
        "clutter?",
        "flagged",
    )
    assert web.send("POST", "/frames/2/undo", rev=0).status_code == 422


def test_a_deleted_target_comes_back_by_undo(web):
    target = web.add().json()["target"]
    gone = web.send("DELETE", f"/targets/{target['uuid']}", rev=1).json()
    assert (gone["frame_status"], web.frame()["targets"]) == ("todo", [])
    assert web.send("POST", "/frames/1/undo", rev=2).json()["frame"]["targets"][0]["area"] == target["area"]


def test_a_frame_that_is_done_accepts_its_candidates_and_an_empty_one_is_empty(web):
    web.add()
    done = web.send("PUT", "/frames/1", {"verdict": "done"}, 1).json()
    assert (done["frame_status"], done["frame"]["targets"][0]["status"]) == ("accepted", "accepted")
    assert web.send("PUT", "/frames/5", {"verdict": "done"}, 0).json()["frame_status"] == "empty"
    listed = web.get("/frames", sequence="b", status="empty,todo", limit=1).json()
    assert (listed["total"], listed["status"], listed["next"]) == (2, "50", 0)
    assert listed["frames"] == [{"id": 5, "index": 0, "status": "empty", "targets": 0}]


def test_the_second_of_two_tabs_is_told_and_nothing_is_overwritten(web, desk):
    other = Caller(desk, "bob")
    target = web.add().json()["target"]
    theirs = {"op": "stroke", "mask": run_mask(PLUS, 9, 9)}
    assert other.send("PUT", f"/targets/{target['uuid']}", theirs, 1).status_code == 200
    late = web.send("PUT", f"/targets/{target['uuid']}", {"op": "accept", "status": "accepted"}, 1)
    assert late.status_code == 412
    current = late.json()["current"]
    assert (current["rev"], current["targets"][0]["area"], current["targets"][0]["by"]) == (2, 5, "bob")
    assert web.send("POST", "/frames/1/undo", rev=1).status_code == 412
    assert web.frame()["targets"] == current["targets"]


def test_a_gesture_sent_again_is_done_once(web):
    new = {"op": "create", "uuid": "6a9d39d4-97b7-4ae3-a0c4-96e3ec3a8e3f", "mask": run_mask(PLUS, 20, 30), "seeds": []}
    first, second = (web.send("POST", "/frames/1/targets", new, 0, key="k") for _ in range(2))
    assert first.json() == second.json()
    assert len(web.frame()["targets"]) == 1


def test_a_track_is_carried_on_both_ways_and_stops_to_ask(web):
    target = web.add(2, 10, 12).json()["target"]
    for number, step, onto in ((2, 1, 3), (2, -1, 1)):
        carried = web.send("POST", "/propagate", {"frame": number, "step": step, "targets": [target["uuid"]]}).json()
        assert (carried["frame"], len(carried["made"]), carried["stopped"]) == (onto, 1, [])
        (found,) = web.frame(onto)["targets"]
        assert (found["track"], found["row"], found["col"]) == (target["track"], 10, 12 + 2 * step)
    again = web.send("POST", "/propagate", {"frame": 2, "step": 1}).json()
    assert [one["why"] for one in again["stopped"]] == ["there already"]
    last = web.add(4, 10, 16).json()["target"]
    end = web.send("POST", "/propagate", {"frame": 4, "step": 1, "targets": [last["uuid"]]}).json()
    assert (end["frame"], [one["why"] for one in end["stopped"]]) == (None, ["end"])


def test_the_frame_before_is_repeated_where_it_was(web):
    target = web.add().json()["target"]
    made = web.send("POST", "/repeat", {"frame": 2}).json()
    (copy,) = web.frame(2)["targets"]
    assert (made["made"], copy["mask"], copy["track"]) == ([copy["uuid"]], target["mask"], target["track"])
    assert web.send("POST", "/repeat", {"frame": 2}).json()["stopped"][0]["why"] == "there already"
    assert web.send("POST", "/repeat", {"frame": 1}).status_code == 422


def test_the_queues_say_what_is_left_and_why(web, desk):
    low = place(desk.project, "b/0", [a_draft(20, 20, source="fuse", quality=0.9)], by("bob")).targets[0]
    web.add()
    queue = web.get("/queue/next", mode="review", limit=10).json()
    assert (queue["left"], queue["items"][0]["target"], queue["items"][0]["why"]) == (2, low.uuid, "low contrast")
    assert queue["items"][0]["doubt"] > queue["items"][1]["doubt"]
    assert web.get("/queue/next", mode="label").json()["items"][0]["frame"] == 1
    held = Caller(desk, "bob")
    assert held.send("POST", "/frames/1/lease").json()["mine"] is True
    assert web.send("POST", "/frames/1/lease").json()["user"] == "bob"
    assert web.frame()["lease"]["mine"] is False
    assert web.get("/project").json()["others"] == [{"user": "bob", "sequence": "a", "index": 0}]
    assert web.get("/queue/next", mode="label").json()["items"][0]["frame"] == 2
    held.send("DELETE", "/frames/1/lease")
    assert web.frame()["lease"] is None


def test_the_numbers_count_targets_areas_and_edits(web, desk):
    target = web.add().json()["target"]
    Caller(desk, "bob").send("PUT", f"/targets/{target['uuid']}", {"op": "stroke", "mask": run_mask(PLUS, 9, 9)}, 1)
    stats = web.get("/stats").json()
    assert (stats["targets"]["candidate"], stats["by_hand"]) == (1, 1)
    assert stats["area"]["counts"] == [0, 1, 0, 0, 0, 0, 0, 0, 0]  # 5 px lie in [5, 10)
    assert sum(stats["scr"]["counts"]) == 1
    assert stats["users"] == [{"user": "ann", "edits": 1}, {"user": "bob", "edits": 1}]


def test_what_is_wrong_is_said_in_one_line_and_changes_nothing(web):
    whole = {"op": "create", "uuid": "6a9d39d4-97b7-4ae3-a0c4-96e3ec3a8e3f", "mask": run_mask(PLUS), "seeds": []}
    short = run_mask(PLUS) | {"counts": [1, 2]}
    cases = [
        (web.get("/frames/99"), 404, "no frame 99"),
        (web.get("/nothing"), 404, "Not Found"),
        (web.get("/frames", sequence="a", status="perhaps"), 422, "choose among todo"),
        (web.propose(generator="magic"), 404, "no generator 'magic'"),
        (web.propose(row=400), 422, "outside the frame"),
        (web.propose(params={"path": "/etc/passwd"}), 422, "option 'path'"),
        (web.propose(params={"reach": -1}), 422, "reach"),
        (web.send("POST", "/frames/1/targets", whole | {"mask": short}, 0), 422, "run lengths add up to 3"),
        (web.send("POST", "/frames/1/targets", whole | {"mask": run_mask(PLUS, 39)}, 0), 422, "does not fit"),
        (web.send("POST", "/frames/1/targets", whole | {"uuid": "x"}, 0), 422, "no uuid"),
        (web.send("POST", "/frames/1/targets", whole | {"more": 1}, 0), 422, "more"),
        (web.send("POST", "/frames/1/targets", whole), 422, "If-Match"),
        (web.send("PUT", f"/targets/{whole['uuid']}", {"op": "accept", "status": "accepted"}, 0), 404, "no target"),
        (web.client.put("/api/v1/frames/1", json={"verdict": "done"}), 422, "Idempotency-Key"),
    ]
    for answer, status, word in cases:
        assert answer.status_code == status, answer.text
        assert word in answer.json()["error"]
        assert "\n" not in answer.json()["error"]
    assert web.frame()["rev"] == 0


def test_who_may_only_look_cannot_write(watching):
    assert watching.get("/project").json()["readonly"] is True
    assert watching.frame()["height"] == SHAPE[0]
    answer = watching.add()
    assert (answer.status_code, answer.json()["error"]) == (403, "this project is open for reading only")
    assert targets_on(watching.desk.project.store, "a/000") == ()


@pytest.mark.parametrize("name", ["fuse", "tau", "pmg"])
def test_the_generator_to_begin_with_comes_first(desk, name):
    from glimt.annotate.web.generators import offered

    assert offered(desk.project.labelers, name)[0].name == name
