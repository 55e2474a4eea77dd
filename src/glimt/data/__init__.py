"""Where samples come from: layouts, points, the label folder, formats, the doctor, synthetic scenes."""
