"""The site as an ordinary Django project would serve it: models, one view, Django templates."""
