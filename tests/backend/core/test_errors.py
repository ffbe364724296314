import inspect

from cms_backend.core import errors
from cms_backend.core.errors import CmsError, FormError, ProtocolError, SignatureError


def tree() -> list[type[CmsError]]:
    return [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, CmsError)]


def test_every_error_has_a_code_of_its_own_and_a_status() -> None:
    codes = [one.code for one in tree()]
    assert len(set(codes)) == len(codes)
    assert all(400 <= one.status < 600 for one in tree())


def test_only_the_root_means_a_fault_of_ours() -> None:
    assert [one for one in tree() if one.status >= 500] == [CmsError]
    assert all(issubclass(one, ProtocolError) for one in tree() if one is not CmsError)


def test_an_error_carries_words_for_a_person() -> None:
    error = FormError("The file is cut.", remedy="Ask for it again.")
    assert (str(error), error.detail, error.remedy) == (
        "The file is cut.",
        "The file is cut.",
        "Ask for it again.",
    )
    assert SignatureError("x", reason="v").reason == "v"
