"""What gunicorn reads when it is started in this folder: the settings of `crosscheck serve`, explained there."""

from api.web.gunicorn_conf import *  # noqa: F403
