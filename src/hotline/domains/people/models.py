"""Who works here: agents, their teams and skills, and holds that keep somebody from work."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField


class Team(SetupRecord):
    """People under one leader."""

    object_type = "team"

    code = models.CharField(max_length=32)
    name = BilingualField()
    site = models.ForeignKey("enterprise.Site", on_delete=models.PROTECT, related_name="teams", null=True, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_teams", null=True, blank=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="team_code_once")]


class Skill(SetupRecord):
    """A graded ability that queues ask for. One that stands for an attribute is asked for by contacts with a value of
    it: a language, a brand, a product line, a region."""

    object_type = "skill"

    class Kind(models.TextChoices):
        GENERAL = "general"
        LANGUAGE = "language"
        BRAND = "brand"
        PRODUCT_LINE = "product_line"
        REGION = "region"
        CERTIFICATE = "certificate"

    code = models.CharField(max_length=32)
    name = BilingualField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.GENERAL)
    values = models.JSONField(default=list, blank=True)  # codes of the attribute, for the kinds that stand for one

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="skill_code_once")]


class Agent(SetupRecord):
    """A person who takes contacts. The tenant is the home; the user's memberships say whom else they serve."""

    object_type = "agent"
    unique_field = "number"

    class Device(models.TextChoices):
        BROWSER = "browser"
        SIP_PHONE = "sip_phone"
        SIMULATED = "simulated"

    class Takes(models.TextChoices):
        MOST_URGENT = "most_urgent"
        STRONGEST_SKILL = "strongest_skill"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agent")
    number = models.CharField(max_length=16)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="agents", null=True, blank=True)
    capacity = models.JSONField()  # contacts at once by channel, {"voice": 1}
    device = models.CharField(max_length=16, choices=Device.choices, default=Device.BROWSER)
    is_active = models.BooleanField(default=True)
    takes = models.CharField(max_length=16, choices=Takes.choices, default=Takes.MOST_URGENT)
    # For queues that choose by weight: twice the weight, twice the contacts.
    weight = models.PositiveSmallIntegerField(default=10, validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="agent_number_once")]


class AgentGroup(TenantModel):
    """A team beside their own that the agent stands in for, in the rings of queues."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="groups")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="guests")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "agent", "team"], name="agent_group_once")]

    @property
    def owner(self) -> Agent:
        """The record of which this row is a part."""
        return self.agent


class AgentSkill(TenantModel):
    """How well somebody can do something, and until when that is certified.

    It belongs to the skill's tenant and names the user, because an agent at home with one tenant may hold skills of
    every tenant they serve."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="holders")
    level = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(9)])
    valid_to = models.DateField(null=True, blank=True)  # the last day on which it counts

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "skill"], name="agent_skill_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=9), name="agent_skill_level_1_9"),
        ]

    @property
    def owner(self) -> models.Model:
        """Whom to name when the skill cannot be removed: the agent, or the user who is no agent (any more)."""
        agent: models.Model | None = getattr(self.user, "agent", None)
        return agent or self.user


class Hold(TenantModel):
    """Keeps an agent from signing in: an unpassed course, an unread article, a suspension. Written by whoever
    must stop the work; only this table is asked."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=32)
    reason = BilingualField()
    until = models.DateTimeField(null=True, blank=True)  # empty: until lifted
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "agent", "lifted_at"], name="hold_open")]
