# The lab's Request Tracker: queues, rights, fields, people and a few tickets,
# so that a screen pop has something to show. Loaded once, by
# `rt-setup-database-5 --action insert`; the token goes to $ENV{RT_TOKEN_FILE}.
use utf8;

@Queues = (
    { Name => 'Support',  Description => 'Appels du support informatique', CorrespondAddress => 'support@helpdesk.example',  SLADisabled => 0 },
    { Name => 'Escalade', Description => 'Niveau 2',                       CorrespondAddress => 'escalade@helpdesk.example', SLADisabled => 0 },
);

@Groups = (
    { Name => 'CallCenter', Description => 'The call centre itself' },
    { Name => 'Agents',     Description => 'Technicians of both levels' },
);

my @agents = qw(alice bruno chloe david emma farid gaelle hugo);
@Users = (
    { Name => 'callbot', Password => 'callbot-lab', EmailAddress => 'callbot@helpdesk.example', RealName => 'Linekeeper', Privileged => 1 },
    (map { { Name => $_, Password => "$_-lab", EmailAddress => "$_\@helpdesk.example", RealName => ucfirst $_, Lang => 'fr', Privileged => 1 } } @agents),
);

@Members = (
    { Group => 'CallCenter', GroupDomain => 'UserDefined', Class => 'RT::User', Name => 'callbot' },
    (map { { Group => 'Agents', GroupDomain => 'UserDefined', Class => 'RT::User', Name => $_ } } @agents),
);

@ACL = (
    (map { { GroupDomain => 'UserDefined', GroupId => 'CallCenter', Right => $_ } } qw(
        SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket
        OwnTicket ReassignTicket SeeCustomField ModifyCustomField SetInitialCustomField ManageAuthTokens
        ModifySelf SeeGroup AdminUsers)),
    (map { { GroupDomain => 'UserDefined', GroupId => 'Agents', Right => $_ } } qw(
        SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket
        OwnTicket TakeTicket SeeCustomField ModifyCustomField)),
);

@CustomFields = (
    (map { { Name => $_->[0], Type => $_->[1], LookupType => 'RT::Queue-RT::Ticket', ApplyTo => ['Support', 'Escalade'], Description => $_->[2] } } (
        ['CallID',      'FreeformMultiple', 'Calls of this ticket'],
        ['CallQueue',   'FreeformSingle',   'Queue of the call'],
        ['WaitSeconds', 'FreeformSingle',   'Wait in seconds'],
    )),
    { Name => 'TxnCallID', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket-RT::Transaction', ApplyTo => ['Support', 'Escalade'] },
    { Name => 'E164', Type => 'FreeformMultiple', LookupType => 'RT::User', ApplyTo => [0], Description => 'Phone numbers, E.164' },
);

# Some of the people of seed/definitions/directory.yaml, as RT knows them.
# Name, number, e-mail, site, tickets: [queue, subject, status, text].
my @requestors = (
    ['Marie Dupont', '+33199001001', 'marie.dupont@atelier-nord.example', 'Lille',
        ['Support', 'VPN coupé depuis ce matin', 'open', 'Le client VPN affiche « délai dépassé » après la mise à jour.'],
        ['Support', 'Demande de second écran',   'new',  'Pour le télétravail, deux jours par semaine.'],
        ['Support', 'Mot de passe oublié',       'resolved', 'Réinitialisé par téléphone après vérification d’identité.']],
    ['Paul Martin', '+33199001002', 'paul.martin@atelier-nord.example', 'Lille',
        ['Support', 'Imprimante du 2e étage en panne', 'open', 'Bourrage signalé, voyant rouge fixe.']],
    ['Claire Fontaine', '+33199001003', 'claire.fontaine@atelier-nord.example', 'Lille',
        ['Escalade', 'Lenteurs sur le serveur de fichiers', 'open', 'Escaladé par le niveau 1 : lectures à 200 ko/s.'],
        ['Support',  'Installation de la messagerie',       'resolved', 'Installée à distance.']],
    ['John Harper', '+33199001004', 'john.harper@atelier-nord.example', 'Nantes',
        ['Support', 'Laptop does not wake up from sleep', 'open', 'Since the last firmware update, twice a day.']],
    ['Sofia Almeida', '+33199001005', 'sofia.almeida@atelier-nord.example', 'Nantes'],
);

# Rights, fields and queues are cached by the process that loads this file:
# everything that depends on them waits for @Final.
@Final = (
    sub {
        RT->System->QueueCacheNeedsUpdate(1);
        RT::Principal->InvalidateACLCache();
        for (@requestors) {
            my ($name, $number, $email, $site, @tickets) = @$_;
            my $user = RT::User->new(RT->SystemUser);
            my ($ok, $msg) = $user->Create(Name => $email, EmailAddress => $email, RealName => $name, MobilePhone => $number, Organization => $site, Privileged => 0);
            die "user $email: $msg" unless $ok;
            ($ok, $msg) = $user->AddCustomFieldValue(Field => 'E164', Value => $number);
            die "number of $email: $msg" unless $ok;
            for (@tickets) {
                my ($queue, $subject, $status, $text) = @$_;
                my $mime = MIME::Entity->build(Type => 'text/plain', Charset => 'UTF-8', Data => [Encode::encode('UTF-8', $text)]);
                my $ticket = RT::Ticket->new(RT->SystemUser);
                my ($id, undef, $why) = $ticket->Create(Queue => $queue, Subject => $subject, Requestor => [$email], MIMEObj => $mime);
                die "ticket $subject: $why" unless $id;
                next if $status eq 'new';
                ($ok, $why) = $ticket->SetStatus($status);
                die "status of $subject: $why" unless $ok;
            }
        }
    },
    sub {
        my $user = RT::User->new(RT->SystemUser);
        $user->Load('callbot');
        my ($ok, $msg, $auth) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->id, Description => 'Linekeeper');
        die "token: $msg" unless $ok;
        open my $file, '>', $ENV{RT_TOKEN_FILE} or die $!;
        print $file $auth;
        close $file or die $!;
    },
);

1;
