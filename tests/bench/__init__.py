"""How fast the desk is, as ratios beside SQLite and beside an empty Streamlit rerun; never a failing test."""
