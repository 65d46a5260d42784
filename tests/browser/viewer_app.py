"""The desk as a viewer has it, before anybody signs in: whoever comes is one."""

import streamlit as st
from starlette.middleware import Middleware

import app as desk
from core.config import ROOT
from core.domain.people import Person, Role
from core.ui.kit import messages, who
from core.web.addresses import Addresses
from core.web.routes import routes

who.person = lambda runtime: Person("Ola Nowak", Role.VIEWER)
app = st.App(
    str(ROOT / "core" / "ui" / "frame.py"),
    lifespan=desk.lifespan,
    routes=routes(),
    middleware=[Middleware(Addresses, base="")],
    on_script_error=messages.unforeseen,
)
