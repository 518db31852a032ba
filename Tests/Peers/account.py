"""Builds the account of a stock playbook's world in moto, through its API, and reads it back."""
import boto3
from botocore.config import Config

#: The one image that moto starts with: what an instance's root device is called comes from its image.
IMAGE = "ami-0a1b2c3d4e5f60708"
IMAGES = [{
    "ami_id": IMAGE, "name": "node", "owner_id": "801119661308", "public": True, "architecture": "x86_64",
    "virtualization_type": "hvm", "hypervisor": "xen", "root_device_name": "/dev/xvda", "root_device_type": "ebs",
}]


class Account:
    """An AWS account behind endpoints; ids differ from the world's, so building it gives a table of both."""

    def __init__(self, region, endpoints, key="test", secret="test"):
        self.region = region
        self._endpoints, self._key, self._secret = endpoints, key, secret
        self._clients = {}

    def client(self, service):
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=self.region,
                endpoint_url=self._endpoints[service],
                aws_access_key_id=self._key,
                aws_secret_access_key=self._secret,
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self._clients[service]

    def build(self, world):
        """Creates instances with their volumes, the cluster and the groups; the ids of the world, by those here."""
        ids = {}
        volumes = {volume["VolumeId"]: volume for volume in world["ec2"].get("Volumes", [])}
        for reservation in world["ec2"].get("Reservations", []):
            for instance in reservation["Instances"]:
                ids.update(self._run(instance, volumes))
        for cluster in world.get("eks", {}).get("clusters", []):
            role = f"arn:aws:iam::{world['account']}:role/cluster"
            self.client("eks").create_cluster(
                name=cluster["name"], version=cluster["version"], roleArn=role, resourcesVpcConfig={}
            )
        for group in world.get("autoscaling", {}).get("AutoScalingGroups", []):
            self._group(group, ids)
        return ids

    def _run(self, instance, volumes):
        ec2 = self.client("ec2")
        mappings = []
        for mapping in instance["BlockDeviceMappings"]:
            volume = volumes[mapping["Ebs"]["VolumeId"]]
            disk = {"VolumeSize": volume["Size"], "VolumeType": volume["VolumeType"], "DeleteOnTermination": True}
            if volume.get("Encrypted"):
                disk.update(Encrypted=True, KmsKeyId=volume["KmsKeyId"])
            mappings.append({"DeviceName": mapping["DeviceName"], "Ebs": disk})
        # Tags that AWS itself makes cannot be given.
        tags = [tag for tag in instance.get("Tags", []) if not tag["Key"].startswith("aws:")]
        made = ec2.run_instances(
            ImageId=IMAGE,
            InstanceType=instance["InstanceType"],
            MinCount=1,
            MaxCount=1,
            Placement={"AvailabilityZone": instance["Placement"]["AvailabilityZone"]},
            BlockDeviceMappings=mappings,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )["Instances"][0]
        here = {one["DeviceName"]: one["Ebs"]["VolumeId"] for one in self._instance(made["InstanceId"])["BlockDeviceMappings"]}
        ids = {instance["InstanceId"]: made["InstanceId"]}
        for mapping in instance["BlockDeviceMappings"]:
            there = mapping["Ebs"]["VolumeId"]
            ids[there] = here[mapping["DeviceName"]]
            if volumes[there].get("Tags"):
                ec2.create_tags(Resources=[ids[there]], Tags=volumes[there]["Tags"])
        return ids

    def _instance(self, name):
        found = self.client("ec2").describe_instances(InstanceIds=[name])
        return found["Reservations"][0]["Instances"][0]

    def _group(self, group, ids):
        scaling = self.client("autoscaling")
        members = [ids[instance["InstanceId"]] for instance in group["Instances"]]
        name = group["AutoScalingGroupName"]
        scaling.create_launch_configuration(
            LaunchConfigurationName=name, ImageId=IMAGE, InstanceType="m6i.large"
        )
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            MaxSize=len(members),
            DesiredCapacity=0,
            AvailabilityZones=sorted({instance["AvailabilityZone"] for instance in group["Instances"]}),
        )
        scaling.attach_instances(AutoScalingGroupName=name, InstanceIds=members)

    def content(self):
        """Everything that EC2 holds and an action could change, in a fixed order."""
        ec2 = self.client("ec2")
        reservations = ec2.describe_instances()["Reservations"]
        snapshots = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        return {
            "instances": _sorted((one for some in reservations for one in some["Instances"]), "InstanceId"),
            "volumes": _sorted(ec2.describe_volumes()["Volumes"], "VolumeId"),
            # moto makes one of its image.
            "snapshots": _sorted((one for one in snapshots if IMAGE not in one["Description"]), "SnapshotId"),
        }


def _sorted(documents, name):
    return sorted(documents, key=lambda document: document[name])


def allow(actions, denied=()):
    """A policy document."""
    statements = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
    if denied:
        statements.append({"Effect": "Deny", "Action": list(denied), "Resource": "*"})
    return {"Version": "2012-10-17", "Statement": statements}
