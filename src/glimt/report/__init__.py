"""Pages for people: self-contained HTML files with tables, curves and pictures. Nothing is fetched from a network."""

from glimt.report.comparison import Strip as Strip
from glimt.report.comparison import comparison_page as comparison_page
from glimt.report.evaluation import evaluation_page as evaluation_page
from glimt.report.page import write_page as write_page
