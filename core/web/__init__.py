"""Routes beside Streamlit's own: health, metrics, webhooks, sandbox."""
