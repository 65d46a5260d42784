from core.domain.children import without_secrets


def test_a_child_is_told_no_secret_and_no_setting() -> None:
    told = {"PATH": "/bin", "LANG": "C"}
    kept_back = {"SHIPDESK_DHL_KEY": "k", "AWS_SECRET_ACCESS_KEY": "k", "STREAMLIT_SECRETS_FILES": "f", "PYTHONPATH": "p"}
    assert without_secrets(told | kept_back) == told
