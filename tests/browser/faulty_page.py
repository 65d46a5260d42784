"""A page with a fault in every place where one can come up."""

import streamlit as st

from core.ui.kit import messages


def fail() -> None:
    raise ValueError("secret of the fault")


@st.fragment
def part() -> None:
    st.caption(f"Heard: {st.text_input('In the part')}")
    if st.button("fail in the part"):
        fail()
    st.button("fail at a press in the part", on_click=fail)


@st.dialog("A dialog")
def dialog() -> None:
    st.caption(f"Heard: {st.text_input('In the dialog')}")
    if st.button("fail in the dialog"):
        fail()
    st.button("fail at a press in the dialog", on_click=fail)


st.set_option("client.showErrorDetails", "full")
st.header("The page")
part()
st.button("fail at a press", on_click=fail)
if st.button("open the dialog"):
    dialog()
left, right = st.columns(2)
if st.toggle("two panels fail"):
    with left, messages.guarded("The left"):
        fail()
    with right, messages.guarded("The right"):
        fail()
if st.button("fail in the page"):
    fail()
st.write("The end of the page")
