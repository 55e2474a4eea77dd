"""The dataset doctor: look at every file once, say what is wrong, write a clean copy beside it."""

from glimt.data.doctor.examine import CHECKS as CHECKS
from glimt.data.doctor.examine import examine as examine
from glimt.data.doctor.finding import Finding as Finding
from glimt.data.doctor.fix import Fixed as Fixed
from glimt.data.doctor.fix import check_place as check_place
from glimt.data.doctor.fix import fix as fix
