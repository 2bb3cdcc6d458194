"""What goes in and out."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from bench.baselines import PRIORITIES
from bench.baselines.project.models import List, Todo, new_todo


class PriorityField(serializers.ChoiceField):
    """A priority by its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=PRIORITIES, **options)

    def to_representation(self, value: Any) -> str:
        return PRIORITIES[value]

    def to_internal_value(self, data: Any) -> Any:
        return PRIORITIES.index(super().to_internal_value(data))


class OwnListField(serializers.PrimaryKeyRelatedField[List]):
    """A list of whoever asks."""

    def get_queryset(self) -> QuerySet[List]:
        return List.objects.filter(user=self.context["request"].user, deleted_at=None)


class TodoSerializer(serializers.ModelSerializer[Todo]):
    """A todo."""

    list_id = OwnListField(source="list")
    priority = PriorityField(required=False)

    class Meta:
        model = Todo
        fields = (
            "id",
            "list_id",
            "title",
            "description",
            "status",
            "priority",
            "due_date",
            "due_time",
            "due_timezone",
            "position",
            "completed_at",
            "version",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "position", "completed_at", "version", "created_at", "updated_at")

    def create(self, validated_data: dict[str, Any]) -> Todo:
        return new_todo(self.context["request"].user, validated_data)

    def update(self, instance: Todo, validated_data: dict[str, Any]) -> Todo:
        instance.version += 1
        instance.write(validated_data, timezone.now())
        return instance


class CountsSerializer(serializers.Serializer[List]):
    """How many todos of each status a list has."""

    todo = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    done = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class ListSerializer(serializers.ModelSerializer[List]):
    """A list, and what is in it."""

    todo_counts = CountsSerializer(source="*", read_only=True)

    class Meta:
        model = List
        fields = (
            "id",
            "name",
            "color",
            "position",
            "is_archived",
            "is_inbox",
            "version",
            "created_at",
            "updated_at",
            "todo_counts",
        )
