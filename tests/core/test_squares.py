from glimt.core.squares import square


def test_a_square_lies_inside_the_frame_around_its_centre():
    assert square((100, 200), (50.2, 60.7), 21) == (slice(40, 61), slice(51, 72))
    assert square((100, 200), (1, 199), 21) == (slice(0, 21), slice(179, 200))
    assert square((10, 200), (5, 100), 21) == (slice(0, 21), slice(90, 111))  # taller than the frame: NumPy cuts it
