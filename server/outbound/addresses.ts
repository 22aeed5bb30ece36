/**
 * Where requests of ours may go: to addresses of the open Internet, and to what the operator has named (`OPERARY_ALLOW_OUTBOUND`). Otherwise
 * whoever may set an address here could make the server knock at the doors behind the plant's firewall.
 */
import { BlockList, isIP } from 'node:net';

// IANA's special-purpose registry for IPv4: everything that is not one machine on the open Internet.
const SPECIAL_4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ');
// IPv6 the other way round: of global unicast, without what wraps another address (6to4, Teredo) or stands in books. That leaves out
// loopback, link-local, unique local, multicast, IPv4-mapped and NAT64 by itself.
const GLOBAL_6 = ['2000::/3'];
const SPECIAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const SUBNET = /^(.+)\/(\d{1,3})$/;

export interface Addresses {
  /** Whether a name is allowed as such, wherever it leads. */
  isNamed(host: string): boolean;
  isAllowed(address: string): boolean;
}

/** `allow`: host names, addresses and subnets (`10.1.0.0/16`). */
export function allowedAddresses(allow: readonly string[]): Addresses {
  const own = { 4: new BlockList(), 6: new BlockList() };
  const names = new Set<string>();
  for (const one of allow) {
    const [, subnet = one, bits] = SUBNET.exec(one) ?? [];
    const family = isIP(subnet);
    if (family === 4 || family === 6) add(own[family], family, subnet, bits);
    else names.add(plain(one));
  }
  return {
    isNamed: (host) => names.has(plain(host)),
    isAllowed(address) {
      const family = isIP(address);
      // A zone (`fe80::1%eth0`) names an interface of this machine: never the open Internet.
      if (address.includes('%') || family === 0) return false;
      if (family === 4) return own[4].check(address, 'ipv4') || !special4.check(address, 'ipv4');
      return own[6].check(address, 'ipv6') || (global6.check(address, 'ipv6') && !special6.check(address, 'ipv6'));
    },
  };
}

/** What somebody wrote into the setting that is neither name, address nor subnet. */
export const unreadable = (allow: readonly string[]): string | undefined =>
  allow.find((one) => {
    const [, subnet = one, bits] = SUBNET.exec(one) ?? [];
    const family = isIP(subnet);
    if (family) return bits !== undefined && Number(bits) > (family === 4 ? 32 : 128);
    return bits !== undefined || !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(one);
  });

/** As the resolver compares names: without case and without the root's dot. */
const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');

function add(list: BlockList, family: 4 | 6, address: string, bits: string | undefined): void {
  const name = family === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, name);
  else list.addSubnet(address, Number(bits), name);
}

function listOf(family: 4 | 6, subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of subnets) {
    const [, subnet, bits] = SUBNET.exec(each)!;
    add(list, family, subnet!, bits);
  }
  return list;
}

const special4 = listOf(4, SPECIAL_4);
const global6 = listOf(6, GLOBAL_6);
const special6 = listOf(6, SPECIAL_6);
