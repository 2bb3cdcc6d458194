"""The rows of what spans the domains, where Django looks for them."""

from app.exchange.transfer.models import Import, ImportRow

__all__ = ["Import", "ImportRow"]
