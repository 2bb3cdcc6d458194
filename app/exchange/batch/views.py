"""/api/batch/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller
from app.common.errors import Code
from app.common.idempotency import repeatable
from app.common.schema import raises
from app.common.views import APIView
from app.exchange.batch import services
from app.exchange.batch.serializers import Batch, BatchOut


class BatchCall(APIView):
    """Many changes by one call."""

    @repeatable
    @raises(Code.BATCH_FAILED)
    @extend_schema(operation_id="run_batch", request=Batch, responses=BatchOut)
    def post(self, request: Request) -> Response:
        """Do up to 100 commands in order.

        With `atomic` all are done or none: the first that fails ends the batch, and the answer is 422 `batch_failed`
        with a result for each. Without it, each has its own success or failure, and the answer is 200. A command that
        creates may choose the `id`, by which later ones can name what it made.
        """
        return Response(services.run_batch(caller(request), Batch.from_body(request)))
