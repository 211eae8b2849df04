"""What ANALYZE knew in one test is not to be believed in the next."""

import pytest

from xiezhi.search import gin


@pytest.fixture(autouse=True)
def _fresh_statistics():
    gin.forget_statistics()
