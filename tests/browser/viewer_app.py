"""The desk as a viewer has it, before anybody signs in: whoever comes is one."""

import streamlit as st
from starlette.middleware import Middleware

import app as desk
from core.config import ROOT
from core.domain.people import Person, Role
from core.domain.sign_in import Admission
from core.runtime import Runtime
from core.ui.kit import messages, visitors
from core.ui.shipments import ahead
from core.web.addresses import Addresses
from core.web.routes import of_pages, routes

Runtime.admission = lambda self, claims: Admission(Person("Ola Nowak", Role.VIEWER))  # type: ignore[method-assign]
app = st.App(
    str(ROOT / "core" / "ui" / "frame.py"),
    lifespan=desk.lifespan,
    routes=[*routes(), *of_pages(visitors.claims, ahead.answer)],
    middleware=[Middleware(Addresses, base="")],
    on_script_error=messages.unforeseen,
)
