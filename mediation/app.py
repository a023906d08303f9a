"""Where the parts meet: the Flask application of this installation."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from mediation import config
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.services import employers, pinned
from mediation.services.live import Live
from mediation.services.offices import Office
from mediation.store import migrating
from mediation.store.db import db, engine_options, prepare, url_in
from mediation.web import pages


def create_app(instance: Path | None = None, **settings: object) -> Flask:
    """Build the application.  `settings` win over everything else.

    Raises WorkflowError if a chart has a fault, WrongSchema if the database is not one that this
    program can work on: nothing starts then.
    """
    place = instance or config.instance_folder()
    place.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "mediation",
        instance_path=str(place),
        template_folder=str(folder("templates")),
        static_folder=str(Path(__file__).parent / "web" / "static"),
    )
    config.load(app.config, place)
    app.config.from_mapping(settings)
    url = url_in(place, config.database_url(app.config))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    app.extensions["office"] = Office(
        catalogue=gather(folder("workflows"), registry()),
        organisation=config.organisation(app.config),
        instance=place,
        anchors=config.anchor_targets(app.config, place),
        gateway=config.gateway(app.config),
        mail=config.mail(app.config),
    )
    app.extensions["employers"] = employers.Employers()
    if listed := app.config["EMPLOYER_LIST"]:
        try:
            app.extensions["employers"] = employers.loaded(place / listed)
        except employers.NoList:
            # People can type any name; an office without suggestions is better than none.
            app.logger.warning("EMPLOYER_LIST %s cannot be read: no names are suggested", listed)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        try:
            if app.config["MIGRATE"]:
                migrating.upgrade(db.engine)
            migrating.check(db.engine)
            with Session(db.engine) as session:
                for sentence in pinned.edited(session, app.extensions["office"].catalogue):
                    app.logger.warning("%s", sentence)
        finally:
            # A server that forks would hand the connection to all its children; each opens its own.
            db.engine.dispose()
        app.extensions["live"] = Live(db.engine, app.config["WATCHERS"])
    pages.register(app)
    if proxies := app.config["PROXIES"]:
        behind = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]  # as Flask says to
    return app
