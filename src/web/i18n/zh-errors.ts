/** Every error code in Chinese: what happened, and what to do. Names and figures stand in the English message beside it. */
import type { ErrorCode } from '../../shared/errors.ts'
import type { ErrorWords } from './en.ts'

export const zhErrors: Readonly<Record<ErrorCode, ErrorWords>> = {
  'bad-request': {
    what: '请求中有内容不正确。',
    todo: '请改正所指出的字段，然后再试。',
  },
  'bad-cursor': { what: '游标不正确。', todo: '游标是不小于 0 的整数。' },
  'bad-target': {
    what: '目标不正确，没有得到可用的主机。',
    todo: '主机写作别名、name:port 或 user@name:port；多台写作 web-[1-3] 或 @group。',
  },
  'bad-command': {
    what: '命令不能这样运行。',
    todo: '请填写不超过 48 KiB、不含 NUL 的命令。',
  },
  'bad-secret': {
    what: '机密不正确。',
    todo: '最多 32 个，写作 {"API_TOKEN": "value"}，合计不超过 16 KiB。',
  },
  'bad-source': {
    what: '要跟随的内容写法不正确。',
    todo: '请填写文件路径、systemd 单元名称或容器名称。',
  },
  'bad-parameter': {
    what: '某个参数的值不正确。',
    todo: '请改正该值；“farglass saved show NAME”会说明每个参数接受什么。',
  },
  'bad-schedule': {
    what: '定时写法不正确。',
    todo: '依次写分、时、日、月、星期，例如“30 2 * * 1-5”。',
  },
  'bad-pattern': {
    what: '搜索表达式不正确。',
    todo: '请改正表达式，或按普通文本搜索（不用正则）。',
  },
  'inventory-invalid': {
    what: '主机清单文件有错误。',
    todo: '请改正所指出的行；文件会自动重新读取。',
  },
  unauthorized: {
    what: '尚未登录。',
    todo: '请打开“farglass serve”给出的地址，或以“Authorization: Bearer …”发送令牌。',
  },
  'bad-token': {
    what: '此链接无效或已用过。',
    todo: '每个链接只能用一次；“farglass serve”会给出新的。',
  },
  'bad-signature': {
    what: '签名不正确。',
    todo: '请将名称、密钥和签名方式与触发器的对照，并检查发送方的时钟。',
  },
  'forbidden-origin': {
    what: '请求来自别的网页。',
    todo: '请使用 Farglass 自己提供的页面。',
  },
  'not-found': {
    what: '没有找到。',
    todo: '请检查写法；它也可能已被移除，或不对你开放。',
  },
  'method-not-allowed': {
    what: '此地址不接受这种请求方法。',
    todo: '可用的方法见 /openapi.json。',
  },
  conflict: { what: '与目前的状态冲突。', todo: '情况已有变化，请重新载入。' },
  'confirmation-needed': {
    what: '这需要确认。',
    todo: '确实要做时，请以 "confirm": true 再次发送；命令行加 --yes。',
  },
  'upload-stalled': {
    what: '上传中途停住了。',
    todo: '什么都没有保存，请重新发送；若再次发生，请检查途中的网络。',
  },
  'body-too-large': { what: '请求太大。', todo: '请求应小于 384 KiB。' },
  'unsupported-media-type': {
    what: '请求的内容类型不对。',
    todo: '请以 application/json 发送。',
  },
  'misdirected-host': {
    what: 'Farglass 不应答这个地址。',
    todo: '请使用“farglass serve”给出的地址。',
  },
  'idempotency-conflict': {
    what: '此 Idempotency-Key 已用于另一个请求。',
    todo: '不同的请求请用新的 Idempotency-Key。',
  },
  'too-many-requests': { what: '请求太多。', todo: '请等一分钟再试。' },
  'too-many-runs': { what: '运行太多。', todo: '请等一些运行结束，或停止一些。' },
  internal: {
    what: 'Farglass 自身出错，没有做成。',
    todo: '请查看“farglass serve”的日志并报告。',
  },
  'store-failed': {
    what: 'Farglass 的存储出错。',
    todo: '请检查数据目录所在的磁盘，然后重新启动 Farglass。',
  },
  'progress-too-large': { what: '一个运行跟随的文件太多。', todo: '请减少跟随的文件。' },
  'disk-full': {
    what: 'Farglass 的磁盘已满。',
    todo: '请腾出空间；等待的内容会自动继续。',
  },
  'store-busy': {
    what: 'Farglass 的存储暂时无法使用。',
    todo: '请停止占用它的进程，或稍等。',
  },
  'secret-key': {
    what: '机密的密钥文件无法使用。',
    todo: '请改正该文件，或用 --secret-key-file FILE 指定另一个。',
  },
  'secret-unreadable': {
    what: '保存的机密无法打开。',
    todo: '请提供封存它时的密钥文件（--secret-key-file FILE），或重新输入机密。',
  },
  'too-many-searches': { what: '同时进行的搜索太多。', todo: '请过几秒再试。' },
  'too-many-groupings': {
    what: '同时打开的分组视图太多。',
    todo: '请等别人关闭后再试。',
  },
  'too-many-viewers': { what: '观看者太多。', todo: '请稍后再试。' },
  'server-unreachable': {
    what: '无法连接到 Farglass。',
    todo: '请检查那里的“farglass serve”是否在运行，地址是否正确。',
  },
  'bad-response': {
    what: '得到的应答不是这一版本的 Farglass 的。',
    todo: '请检查该地址是否属于同一版本的 Farglass 服务器，而不是代理。',
  },
  'stream-held': {
    what: '途中有东西扣住了数据流。',
    todo: '请让 Farglass 前面的代理立即转发每个字节；nginx：“proxy_buffering off”。',
  },
  'page-not-built': {
    what: '页面尚未构建。',
    todo: '请在 Farglass 的安装目录运行“npm run build”。',
  },
  'shutting-down': { what: 'Farglass 正在关闭。', todo: '请过几秒再来。' },
  'ssh-missing': {
    what: 'Farglass 所在的机器上没有 ssh。',
    todo: '请安装：apt-get install openssh-client。',
  },
  'ssh-config-invalid': {
    what: 'ssh_config 文件有错误。',
    todo: '请改正所指出的行。',
  },
  'name-not-resolved': { what: '主机名无法解析。', todo: '请检查拼写和 DNS。' },
  'connection-refused': {
    what: '连接被拒绝。',
    todo: '请检查端口，以及主机上的 sshd 是否在运行。',
  },
  'connection-timeout': {
    what: '连接超时。',
    todo: '请检查主机是否开机，防火墙是否丢弃了该端口。',
  },
  'host-unreachable': {
    what: '无法到达主机。',
    todo: '请检查 Farglass 与主机之间的网络。',
  },
  'connection-closed': {
    what: '主机提前关闭了连接。',
    todo: '请查看它的 sshd 日志（MaxStartups、AllowUsers）。',
  },
  'connection-lost': { what: '连接已丢失。', todo: '请检查网络，然后再次运行。' },
  'host-key-unknown': {
    what: '未知的主机密钥。',
    todo: '请在主机的控制台上用“ssh-keygen -lf”对比指纹，然后再信任。',
  },
  'host-key-changed': {
    what: '主机密钥已改变，已停止连接。',
    todo: '请先查明原因；若密钥无误，用“ssh-keygen -R”移除旧条目。',
  },
  'host-key-revoked': {
    what: '主机密钥已被吊销。',
    todo: '请勿连接，并查问是谁吊销的。',
  },
  'password-refused': { what: '密码未被接受。', todo: '请检查用户名和密码。' },
  'key-refused': {
    what: '密钥未被接受。',
    todo: '请把公钥加入该用户的 ~/.ssh/authorized_keys，或提供密码。',
  },
  'stopped-before-start': {
    what: '命令在启动前已被停止。',
    todo: '若仍要运行，请再次运行。',
  },
  'timed-out': {
    what: '超过了限定的时间。',
    todo: '请给它更多时间，或在主机上查看它在等什么。',
  },
  'too-many-failures': {
    what: '失败的主机太多，因此没有启动。',
    todo: '请查明其他主机为何失败，然后在剩下的主机上运行。',
  },
  'server-stopped': { what: 'Farglass 自身曾被停止。', todo: '请再次运行该命令。' },
  'start-unknown': {
    what: '不知道命令是否已启动。',
    todo: '请在主机上查看它是否运行过，再决定是否再次运行。',
  },
  'exit-unknown': {
    what: '不知道命令是如何结束的。',
    todo: '请在主机上查看它的结果，再决定是否再次运行。',
  },
  'host-rebooted': {
    what: '命令运行期间主机重新启动了。',
    todo: '此前的输出已保留；请决定是否再次运行。',
  },
  'login-cancelled': { what: '登录已取消。', todo: '请再次运行并回答问题。' },
  'login-timeout': { what: '登录超时。', todo: '请再次运行并及时回答。' },
  'algorithm-mismatch': {
    what: '主机只提供过时的算法。',
    todo: '请更新它的 sshd，或在 ssh_config 中允许这些算法。',
  },
  'session-refused': {
    what: '主机拒绝了会话。',
    todo: '请检查 MaxSessions 和该用户的登录 shell。',
  },
  'sudo-missing': { what: '主机上没有 sudo。', todo: '请在那里安装 sudo，或不用 sudo 运行。' },
  'sudo-needs-terminal': {
    what: '主机上的 sudo 需要终端。',
    todo: '请在终端中运行（pty 模式），或从其 sudoers 中去掉“requiretty”。',
  },
  'sudo-denied': {
    what: 'sudo 不允许运行此命令。',
    todo: '请检查主机的 sudoers：它必须允许该用户运行 sh。',
  },
  'sudo-refused': { what: 'sudo 没有接受密码。', todo: '请用正确的密码再次运行。' },
  'start-failed': {
    what: '无法启动。',
    todo: '主机需要 POSIX sh：请试“ssh HOST sh -s”。',
  },
  'ssh-failed': {
    what: 'ssh 失败。',
    todo: '请在 Farglass 所在的机器上用“ssh -v”试同样的连接。',
  },
}
