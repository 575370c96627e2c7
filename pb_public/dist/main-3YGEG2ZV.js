import{$a as ee,$b as kt,A as ze,Aa as Ze,Ab as gt,B as je,Ba as et,C as N,Ca as me,D as E,Da as fe,Dc as It,E as D,Ea as I,Ec as qt,F as Ke,Fa as X,G as we,Ga as tt,Gc as _t,H as Q,Ha as q,Hc as Nt,Ia as ot,Ja as pe,Ka as rt,Kb as vt,La as de,Lb as yt,Ma as Se,Mb as ke,Na as Z,Nb as te,Oa as T,Ob as xe,Oc as j,P as We,Pc as P,Qc as ve,Ra as nt,S as Ge,Sa as it,Sc as Be,Ta as v,Tb as Ce,Tc as Dt,Ua as $e,Ub as bt,Uc as Ht,Va as z,Vc as Ut,Wa as R,Xc as zt,Yb as ge,Yc as jt,Zb as wt,Zc as Kt,_a as st,_b as St,_c as _,ab as at,ac as xt,ad as Wt,b as qe,bc as Ct,bd as Gt,c as g,cb as lt,cc as Tt,d as b,da as Ve,db as ct,dc as Lt,e as O,f as k,fa as ie,fd as K,g as _e,ga as Ye,gb as ut,gc as Ft,gd as Vt,hb as mt,hc as Bt,ia as se,ic as At,j as re,jc as Et,jd as Yt,kb as ft,l as Ne,la as ae,lb as pt,m as r,ma as Je,mb as dt,mc as L,n as d,na as Qe,nc as Rt,o as be,pa as le,sc as Te,t as ne,ta as H,tc as Pt,u as De,uc as Le,v as He,vc as Mt,w as Ue,wa as ce,wb as $t,wc as Ot,x as S,xa as x,xb as he,y as J,ya as ue,yb as ht,yc as oe,za as Xe,zc as Fe}from"./chunk-P4UYFTA6.js";function Jt({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let o=e.yourTurn.length;return r`
		<a href=${S("/upload")} aria-current=${t}>To upload${o>0&&r`${" "}<span class="count">${o}<span class="hidden"> waiting</span></span>`}</a>`}function Ae({label:e,value:t="",onChoose:o}){let n=k(null),s=k(0),i=()=>{n.current&&n.current.value!==t&&(n.current.value=t)};return b(i,[t]),r`<label>${e}<input type="date" ref=${n} onFocus=${()=>{s.current=0}} onBlur=${i} onChange=${()=>{let u=n.current?.value??"";u===t||u&&!et(u)||o(u,s.current++>0)}} /></label>`}var ye=class{usage=re(null);#e;#o=0;#t=0;constructor(t){this.#e=t}async read(){let t=++this.#o;try{let o=await this.#e.send("/api/usage",{});if(t<this.#t)return;this.#t=t,this.usage.value=o}catch{}}};function Qt({workspace:e}){let[t]=g(()=>new ye(e.db));b(()=>{t.read()},[e.meetings.overview.value]);let o=t.usage.value;return o?r`<a class="storage-glance muted" href=${N("storage")}>${H(o.bytes)}${o.quota>0&&` of ${H(o.quota)}`} used</a>`:null}var W="title-filter";function Xt({workspace:e}){let{meetings:t}=e,{view:o}=t,{filter:n,sort:s,view:i}=o.value,{types:a}=t.overview.value,l=(f,p=!1)=>D(I({...o.value,filter:{...o.value.filter,...f}}),{replace:p}),u=f=>l({min_minutes:void 0,max_minutes:void 0,...me(`length=${f}`).filter}),c=k(null);tt(c,W,f=>f&&l({title:f},!0));let m=["from","to","person","type"].filter(f=>n[f]).length+(fe(n)?1:0),$=f=>p=>f(p.currentTarget.value);return r`
		<div class="library-bar">
			<${zo} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for=${W}>Filter meetings by title</label>
					<${We} />
					<input id=${W} ref=${c} type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${$(f=>l({title:f},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${$(f=>D(I({...o.value,sort:f})))}>
						${Xe.map(([f,p])=>r`<option key=${f} value=${f} selected=${f===s}>${p}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${m?`Filters (${m})`:"Filters"}</summary>
					<div class="filter-fields">
						<${Ae} label="From" value=${n.from} onChoose=${(f,p)=>l({from:f},p)} />
						<${Ae} label="To" value=${n.to} onChoose=${(f,p)=>l({to:f},p)} />
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${$(f=>l({person:f}))} /></label>
						${a.length>0&&r`
							<label>Type
								<select value=${n.type??""} onChange=${$(f=>l({type:f}))}>
									<option value="">Any type</option>
									${a.map(f=>r`<option key=${f} value=${f} selected=${f===n.type}>${f}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${fe(n)} onChange=${$(u)}>
								${Ze.map(([f,p])=>r`<option key=${f} value=${f} selected=${f===fe(n)}>${p}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Uo}>Done</button>
					</div>
				</details>
				${X(n)&&r`<a href=${I({...o.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${!t.loading.value&&x(t.total,"meeting")}</p>
				<${Qt} workspace=${e} />
				<a href=${I({...o.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
		</div>`}function Uo({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function zo({meetings:e}){let{filter:t}=e.view.value,{states:o}=e.overview.value,n=Object.values(o).reduce((s,i)=>s+i,0);return r`
		<nav class="chips" aria-label="States">
			${ue.map(({state:s,label:i})=>r`
				<a key=${s} class="chip" href=${I({...e.view.value,filter:{...t,state:s||void 0}})}
					aria-current=${(t.state??"")===s?"true":void 0}>${i} <span class="count">${ce(s?o[s]:n)}</span></a>`)}
		</nav>`}var jo={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Zt({jobs:e,fathom:t},o,n){let s=o.toLowerCase().split(/\s+/).filter(Boolean),a=[{name:"Meetings",address:S("/")},...ue.flatMap(({state:l,label:u})=>l?[{name:`Meetings: ${u}`,address:S(`/?state=${l}`)}]:[]),{name:"To upload",address:S("/upload")},{name:"Activity",address:S("/activity")},...De.map(l=>({name:`Settings: ${jo[l]}`,address:N(l)})),{name:"Help",address:S("/help")},{name:"Keyboard shortcuts",run:n},...t?[{name:"Sync now",run:()=>{e.sync().catch(l=>pe(T(l)))}}]:[]].filter(({name:l})=>s.every(u=>l.toLowerCase().includes(u)));return s.length?[...a,{name:`Search for \u201C${o.trim()}\u201D in everything`,address:ze(o.trim())}]:a}function G({label:e,onClose:t,children:o}){let n=k(null);return b(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),r`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${o}</div>
		</dialog>`}var Ko=150,Wo=8;function eo({workspace:e,onClose:t,onShortcuts:o}){let[n,s]=g(""),[i,a]=g([]),[l,u]=g(0);b(()=>{let p=n.trim();if(!p){a([]);return}let y=!0,M=setTimeout(async()=>{try{let{items:B}=await e.db.send("/api/library",{method:"GET",query:{title:p,limit:Wo,counts:!1}});y&&a(B.map(({id:V,title:C,recorded_at:Y})=>({name:q(C),hint:se(Y),address:J(V)})))}catch{y&&a([])}},Ko);return()=>{y=!1,clearTimeout(M)}},[n]);let c=[...Zt(e,n,o),...i],m=Math.min(l,c.length-1);b(()=>document.getElementById(`command-${m}`)?.scrollIntoView({block:"nearest"}),[m,i]);let $=p=>{p&&(t(),p.address&&D(p.address),p.run?.())},f=p=>{if(p.isComposing)return;let y={ArrowDown:1,ArrowUp:-1};if(p.key==="Enter")$(c[m]);else if(y[p.key]&&c.length)u((m+y[p.key]+c.length)%c.length);else return;p.preventDefault()};return r`
		<${G} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${c.length?`command-${m}`:void 0} value=${n} onKeyDown=${f}
				onInput=${p=>{s(p.currentTarget.value),u(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${c.map((p,y)=>r`
					<li key=${p.address??p.name} id=${`command-${y}`} role="option" aria-selected=${y===m?"true":"false"} onClick=${()=>$(p)}>
						<span dir="auto">${p.name}</span>${p.hint&&r`<span class="muted">${p.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${c.length?"":"Nothing found"}</p>
			${!c.length&&r`<p class="muted">Nothing found.</p>`}
		</${G}>`}function to({onClose:e}){return r`
		<${G} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<${nt} />
			${Ve.map(({where:t,shortcuts:o})=>r`
				<section key=${t}>
					<h3>${t}</h3>
					<${it} shortcuts=${o} />
				</section>`)}
			<${d} kind="quiet" onClick=${e}>Close</${d}>
		</${G}>`}function oo({workspace:e}){let[t,o]=g("");b(()=>{let s=i=>{if(Ye(i)){if(i.defaultPrevented||document.querySelector("dialog[open]"))return;o("palette")}else if(ie(i))if(i.key==="?")o("shortcuts");else if(i.key==="/")Go();else return;else return;i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=s=>o(i=>i===s?"":i);return t==="palette"?r`<${eo} workspace=${e} onClose=${()=>n("palette")} onShortcuts=${()=>o("shortcuts")} />`:t==="shortcuts"?r`<${to} onClose=${()=>n("shortcuts")} />`:null}function Go(){let e=document.getElementById(W);if(e||E.value.page==="meetings")return e?.focus();Ge(W,""),D(S("/"))}function ro(e){let t=null;return()=>(t??=e().catch(o=>{throw t=null,o}),t)}function no(e){let t=re(null),o=ro(async()=>{t.value=await e()});return{Later:({name:i,...a})=>{let[l,u]=g(!1);return O(()=>{o().catch(()=>u(!0))},[]),t.value?r`<${t.value[i]} ...${a} />`:l?r`
				<div class="page narrow">
					<${z} title="Page not loaded" />
					<${v}>This page could not be loaded. <${d} kind="link" onClick=${()=>location.reload()}>Reload</${d}></${v}>
				</div>`:r`<div class="page"><${R} label="Loading" /></div>`},preload:()=>{o().catch(()=>{})}}}var io=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${d} kind="quiet" onClick=${()=>location.reload()}>Reload page</${d}>
		</section>
	</div>`;var so=()=>r`
	<div class="foot">
		<div role="status"><${Vo} /></div>
		<div role="status">${ee.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${Yo(ee.lostAt.value)}</p>`}</div>
	</div>`;function Vo(){let e=ot.value;if(!e)return null;let t=()=>rt().catch(o=>pe(Z(o)));return r`<p class="toast">${e.text}${e.undo&&r` <${d} kind="link" onClick=${t}>Undo</${d}>`}</p>`}var Yo=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${ae(new Date(e).toISOString())}.`;function ao({notice:e}){let[t,o]=g(E.value.page==="sign-up"),[n,s]=g(!1),[i,a]=g([]);b(()=>{bt().then(()=>s(!0)),st.collection("users").listAuthMethods().then(f=>a(f.oauth2.enabled?f.oauth2.providers:[]),()=>{})},[]);let l=L(At),u=ft.value!==null;b(()=>{u&&l.run()},[]);let c=kt.value,m=k(!1);b(()=>{m.current&&!c&&document.getElementById("email")?.focus(),m.current=c!==null},[c]);let $=t?"Create account":"Sign in";return c&&($="Enter your code"),b(()=>{$e.value=$},[$]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${Q} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${$}</h2>
				${e&&!c&&r`<${v} kind="note">${e}</${v}>`}
				${c&&r`<${Jo} key=${c.mfaId} />`}
				${l.busy&&r`<${R} label="Signing in" />`}
				${l.error&&!c&&r`<${v}>${Z(l.error)}</${v}>`}
				${!c&&!l.busy&&r`
					<${Xo} key=${String(t)} isNew=${t} />
					${i.length>0&&r`<${rr} providers=${i} />`}
					${n?r`<${Qo} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function Jo(){return r`
		<${Pt} id="code" send=${Ct} submit=${Tt} label="Sign in" onCancel=${Lt} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${Le} />.</p>`}function Qo({isNew:e,onClick:t}){let{signUp:o}=Ce.value;return o==="closed"?r`<p class="switch">New here? Ask <${Le} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${d} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${d}>
		</p>`}function Xo({isNew:e}){let{run:t,busy:o,error:n,clear:s}=L(e?Ft:xt),[i,a]=g(""),l=$=>{$.preventDefault();let f=new FormData($.currentTarget),p=String(f.get("email")).trim();a(p),t(p,String(f.get("password")))};if(er(n))return r`<${tr} isNew=${e} email=${i} onBack=${s} />`;let u=Zo(n)?"An account with this e-mail already exists. Sign in instead.":Se(n,"email"),c=Se(n,"password"),m=n&&!u&&!c;return r`
		<form onSubmit=${l}>
			<${Te} id="email" label="E-mail" type="email" required autocomplete="username" error=${u}
				hint=${e&&Ce.value.signUp==="invite"?"The address that was invited.":""} />
			<${Te} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${m&&r`<${v}>${!e&&de(n)===400?"Wrong e-mail or password.":T(n)}</${v}>`}
			<${d} type="submit" busy=${o}>${or(e,o)}</${d}>
		</form>
		${!e&&r`<p class="switch"><a href=${S("/forgot-password")}>Forgot your password?</a></p>`}`}var Zo=e=>e?.response?.data?.email?.code==="validation_not_unique",er=e=>e?.response?.data?.email?.code==="validation_not_verified";function tr({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${v} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${v}>
			<${Rt} email=${t} label="Send the message again" />
			${!e&&r`<p><${d} kind="link" onClick=${o}>Back to the form</${d}></p>`}
		</div>`}function or(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function rr({providers:e}){let[t,o]=g(""),{run:n,busy:s,error:i}=L(Bt),a=l=>{o(l),n(l)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:l,displayName:u})=>{let c=s&&t===l,m=u||l;return r`
					<${d} key=${l} kind="quiet" busy=${c} disabled=${s} onClick=${()=>a(l)}>
						${c?`Waiting for ${m}\u2026`:`Continue with ${m}`}
					</${d}>`})}
			${i&&r`<${v}>${Z(i)}</${v}>`}
		</div>`}function lo({workspace:{copied:e}}){let t=e.value,o=()=>{e.value=null};return t&&r`
		<div class="copied"><${v} kind="note">${Mt(t)} <${d} kind="link" onClick=${o}>Dismiss</${d}></${v}></div>`}var Ee={index:-1,meeting:void 0};function Re({index:e,meeting:t},o){let n=t?o.indexOf(t.id):-1;return n<0?e:n}function co({root:e,total:t,columns:o,focused:n,setFocused:s,reveal:i,firstOnScreen:a,onSelect:l}){let u=k(-1);return b(()=>{if(u.current<0)return;let c=e.current?.querySelector(`[data-index="${u.current}"] .row-title`);c&&(u.current=-1,c.focus({preventScroll:!0}))}),b(()=>{let c=m=>{if(!ie(m))return;let $=!!e.current?.contains(document.activeElement),f=nr(m.key,$,o);if(f){let p=Math.min(Math.max(n<0?a:n+f,0),t-1);m.preventDefault(),u.current=p,s(p),i(p)}else m.key==="x"&&$&&n>=0&&(m.preventDefault(),l())};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)}),{isMoving:()=>u.current>=0}}function nr(e,t,o){return e==="j"?1:e==="k"?-1:t?{ArrowDown:o,ArrowUp:-o,...o>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var ir="(max-width: 40rem)";function uo(e,t,o){let n=()=>{let a=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,l=matchMedia(ir).matches,u=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/a,c={row:(l?8.5:5.5)*a,columns:1},m={row:17.5*a,columns:Math.max(1,Math.floor(u/16))};return{...t==="grid"?m:c,heading:o?3*a:0}},[s,i]=g(n);return b(()=>{let a=()=>i(l=>{let u=n();return JSON.stringify(l)===JSON.stringify(u)?l:u});return a(),addEventListener("resize",a),()=>removeEventListener("resize",a)},[t,o]),s}function mo({root:e,layout:t,meetings:o,first:n}){let s=k(null);O(()=>{let i=ar(s.current,t,o);i&&(e.current?.getBoundingClientRect().top??0)<0&&scrollBy({top:i,behavior:"instant"}),s.current=sr(n,t,o)},[t,o.pages.value,o.view.value,o.isCurrent.value,o.loading.value,n])}function sr(e,t,o){return!o.isCurrent.value||o.loading.value?null:{id:o.at(e)?.id??"",top:te(t,e),view:o.view.value}}function ar(e,t,o){if(e?.view!==o.view.value)return 0;let n=o.indexOf(e.id);return n<0?0:te(t,n)-e.top}function fo({selection:e,meeting:t,index:o}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,o,s.checked,i);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${q(t.title)}`} onClick=${n} />
		</label>`}function po({workspace:e,meeting:t,index:o,total:n,line:s,column:i,measures:{row:a,columns:l}}){let u={top:`${s*a}px`,height:`${a}px`,left:`${100*i/l}%`,width:`${100/l}%`};if(!t)return r`<li class="row selectable pending" aria-hidden="true" style=${u}><span class="thumb"></span></li>`;let c=[`${se(t.recorded_at)}, ${ae(t.recorded_at)}`,le(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable" data-index=${o} aria-setsize=${n} aria-posinset=${o+1} style=${u}>
			<${fo} selection=${e.selection} meeting=${t} index=${o} />
			<div class="row-lead">
				<${Ht} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${J(t.id)}>${q(t.title)}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&r` <${Be} tone="plain">No longer at Fathom</${Be}>`}</p>
				</div>
			</div>
			<div class="row-side"><${lr} workspace=${e} meeting=${t} /></div>
		</li>`}function lr({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),s=e.stateOf(t.recording_id,gt(o)?oe(...he(n,e.jobs)):Date.now()),{run:i,busy:a,error:l}=L(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?ht(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),u=$=>r`
		<${d} kind="quiet small" busy=${a} aria-label=${`${$}: ${q(t.title)}`} onClick=${i}>${$}</${d}>
		${l&&r`<span class="error" role="alert">${T(l)}</span>`}`,c=lt(o?.share_url||t.loom_url),m=r`<${Dt} state=${s} />`;switch(s.phase){case"done":return r`${m}${c&&r`<${Fe} href=${c}>Watch on Loom</${Fe}>`}`;case"upload":return r`${m}<a class="button quiet small" href=${J(t.id)}>Upload to Loom</a>`;case"waiting":return r`${m}<p class="row-reason muted">${s.detail}</p>`;case"running":return r`${m}<${It} workspace=${e} transferID=${o?.id??""} state=${s} name=${`Progress of ${q(t.title)}`} />`;case"failed":return r`${m}${u("Retry")}`;case"none":return r`${m}${u(P(e.delivery))}`;default:return m}}function $o({sections:e,current:t,root:o}){let n=new Map;for(let i of e){let a=i.name.slice(0,4);a&&!n.has(a)&&n.set(a,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(o.current?.getBoundingClientRect().top??0)+i});return r`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:a}])=>r`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(a)}>${i}</button>`)}
		</nav>`}var ho=3,cr=50;function go({workspace:e}){let{meetings:t,selection:o}=e,{sort:n,view:s}=t.view.value,{months:i,total:a}=t.overview.value,l=n==="newest"||n==="oldest",u=k(null),c=uo(u,s,l),m=_e(()=>vt(l?i.map(({month:h,count:w})=>({name:h,count:w})):[{name:"",count:a}],c),[i,a,l,c]),[$,f]=g({top:0,bottom:globalThis.innerHeight});O(()=>{let h=()=>{let w=c.row,F=Math.floor(-(u.current?.getBoundingClientRect().top??0)/w)*w;f(U=>U.top===F&&U.bottom===F+innerHeight+w?U:{top:F,bottom:F+innerHeight+w})};return h(),addEventListener("scroll",h,{passive:!0}),addEventListener("resize",h),()=>{removeEventListener("scroll",h),removeEventListener("resize",h)}},[c,m]);let[p,y]=a<=cr?[0,a]:xe(m,$.top-ho*c.row,$.bottom+ho*c.row);b(()=>t.want(p,y),[p,y,t.pages.value]);let[M]=xe(m,$.top+c.row,$.bottom);mo({root:u,layout:m,meetings:t,first:M});let[B,V]=g(Ee),C=Re(B,t),Y=h=>V(h<0?Ee:{index:h,meeting:t.at(h)}),qo=h=>{let w=(u.current?.getBoundingClientRect().top??0)+te(m,h),F=c.heading+c.row;w<F?scrollBy({top:w-F}):w+c.row>innerHeight-16&&scrollBy({top:w+2*c.row-innerHeight})},{isMoving:_o}=co({root:u,total:a,columns:c.columns,focused:C,setFocused:Y,reveal:qo,firstOnScreen:M,onSelect:()=>B.meeting&&o.set(B.meeting,Re(B,t),!o.has(B.meeting.id))}),No=({target:h})=>{_o()||Y(Number(h.closest("[data-index]")?.dataset.index??-1))},Do=({relatedTarget:h})=>h&&!u.current?.contains(h)&&Y(-1),Ie=new Set(yt(p,y));C>=0&&C<a&&Ie.add(C);let Ho=m.sections.filter(h=>h===ke(m,C)||h.first<y&&h.first+h.count>p);return r`
		<div class=${`library ${s}`} ref=${u} aria-busy=${t.loading.value?"true":void 0} inert=${!t.isCurrent.value} style=${{height:`${m.height}px`}} onFocusIn=${No} onFocusOut=${Do}>
			${Ho.map(h=>r`
				<section class="month" key=${h.name||"all"} style=${{top:`${h.top}px`,height:`${h.height}px`}}>
					${l&&r`<h2>${Je(h.name)}</h2>`}
					<ul class="rows" style=${{height:`${h.height-c.heading}px`}}>
						${[...Ie].filter(w=>w>=h.first&&w<h.first+h.count).sort((w,F)=>w-F).map(w=>{let F=w-h.first,U=t.at(w)??(w===C?B.meeting:void 0);return r`<${po} key=${U?.id??w} workspace=${e} meeting=${U} index=${w} total=${a}
								line=${Math.floor(F/c.columns)} column=${F%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${l&&r`<${$o} sections=${m.sections} current=${ke(m,M)?.name??""} root=${u} />`}`}function vo({workspace:e}){let{selection:t,meetings:o,db:n}=e,s=t.meetings.filter(({recording:u})=>u);if(!s.length)return null;let i=async()=>{try{await jt(n,s.map(({recording:u=""})=>u)),t.clear()}finally{o.refreshSoon()}},a=H(s.reduce((u,{size:c=0})=>u+c,0)),l=s.filter(({recording_id:u})=>e.transferOf(u)?.status!=="delivered").length;return r`
		<${_} label=${`Delete ${x(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${x(s.length,"video")} here and free ${a}? ${Kt(l)}`} />`}function yo({workspace:{selection:e,lookup:t}}){let[o,n]=g(!1),[s,i]=g([]),a=e.meetings.filter(({recording:m})=>m).map(({recording_id:m})=>m),l=new Set(s.map(({recording_id:m})=>m)),u=a.filter(m=>!l.has(m)),c=s.map(({recording_id:m,url:$})=>[t.get(m)?.title,$].filter(Boolean).join(": "));return a.length?r`
		${u.length>0&&!o&&r`<${d} kind="quiet small" onClick=${()=>n(!0)}>Share ${x(u.length,"recording")}</${d}>`}
		${u.length>0&&o&&r`
			<${Gt} recordingIDs=${u} onCancel=${()=>n(!1)}
				onSaved=${m=>i($=>[...$,m])} />`}
		${s.length>0&&r`<${Wt} id="selected-links" label=${`Anybody with ${s.length===1?"the link":"a link"} can watch the recording`} text=${c.join(`
`)} />`}`:null}function bo({workspace:e}){let{selection:t,meetings:o}=e,[n,s]=g({}),{count:i,bytes:a,seconds:l,uncopied:u}=t.summary,{run:c,busy:m,error:$,clear:f}=L(async C=>{await e.copySelection(t.request,i,C?n:{deliver:C}),t.clear()}),p=({currentTarget:{checked:C}})=>{f(),C?t.selectAll():t.clear()},y=i>0&&i===o.total,[M,B]=[le(l),i>0&&dt(u,e.latestCopies)],V=[`${ce(i)} selected`,a?H(a):M&&`${M} of recordings`,B&&`${B} to copy`];return r`
		<div class=${`selection${i?" open":""}`} role="group" aria-label="Selected meetings" inert=${!o.isCurrent.value}>
			<label>
				<input type="checkbox" data-landing checked=${y} indeterminate=${i>0&&!y} onChange=${p} />
				${o.total===1?"Select the meeting":`Select all ${x(o.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${i>0&&V.filter(Boolean).join(" \xB7 ")}</span>
			${i>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${d} kind="primary small" busy=${m} onClick=${()=>c(!0)}>${P(j(e.delivery,n),i)}</${d}>
						<${d} kind="quiet small" busy=${m} onClick=${()=>c(!1)}>Only keep a copy here</${d}>`}
					<${zt} kind="quiet small" db=${e.db} selection=${t.request} />
					<${yo} key=${t.meetings.map(({id:C})=>C).join()} workspace=${e} />
					<${vo} workspace=${e} />
					<${d} kind="link" onClick=${()=>t.clear()}>Clear</${d}>
				</div>
				${e.fathom&&r`<${K} workspace=${e} id="selected" choice=${n} onChange=${s} many=${!0} />`}`}
			${$&&r`<${v}>${T($)}</${v}>`}
			${t.error.value&&r`<${v}>${t.error.value}</${v}>`}
		</div>`}function wo({workspace:e}){let{run:t,busy:o,error:n}=L(()=>e.jobs.sync({full:!0}));return r`
		<${d} kind="link" busy=${o} onClick=${t}>Check all meetings</${d}>
		${n&&r`<span class="error" role="alert">${T(n)}</span>`}`}var ur=50;function So({workspace:{db:e},sync:t}){let[o,n]=g(null),{run:s,error:i}=L(async()=>n(await e.collection("unreadable_meetings").getList(1,ur,{sort:"-created"})));return b(()=>{s()},[t.id,t.finished_at]),i?r`<p class="error" role="alert">${T(i)} <${d} kind="link" onClick=${s}>Try again</${d}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${x(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:a,recording_id:l,reason:u})=>r`
					<li key=${a}><strong>${l?`Recording ${l}`:"A meeting without an id"}</strong> <span class="muted">${u}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function ko({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${mr(e.jobs,t)}</p>`}
			</div>
			${t&&be(t)&&r`<${qt} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!be(t)&&e.fathom&&r`<${wo} workspace=${e} />`}
			${t&&r`<${So} workspace=${e} sync=${t} />`}
		</div>`}function mr(e,t){switch(t?.status){case"pending":case"failed":{let o=$t(t,e,oe(...he(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${Qe(t.finished_at,oe(t.finished_at))} \xB7 ${fr(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function fr(e){return[e?.added?x(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function xo({workspace:e}){let[t,o]=g({}),n=e.meetings.states.value.at_fathom,s=()=>e.copySelection({library:{state:"at_fathom"}},n,t),i=j(e.delivery,t);return r`
		${n>0&&r`
			<${_} kind="primary" label=${P(e.delivery,n)} confirmLabel=${P(i,n)}
				question=${ve(i,n)} action=${s}>
				<${K} workspace=${e} id="all" choice=${t} onChange=${o} many=${!0} />
			</${_}>`}`}function To({workspace:e}){let[t,o]=g(null),[n,s]=g({}),{meetings:i}=e,a=j(e.delivery,n),l={library:i.filter},{run:u,error:c}=L(async y=>{o(await e.transferMany(l,{...y,dryRun:!0}))}),m=i.total;if(!m||!i.isCurrent.value)return null;let $=async()=>{let y=await e.transferMany(l,{...n,dryRun:!0});if(!y.created)throw new Error(Co(y,a));o(y)},f=y=>{s(y),y.byHand!==n.byHand&&u(y)},p=async()=>{try{await e.copySelection(l,t?.matched??m,n)}catch(y){throw de(y)===409&&u(n),y}};return r`
		<${_} kind="primary" label=${`Copy ${x(m,"matching meeting")}`} confirmLabel=${P(a,t?.created)} prepare=${$}
			question=${t?Co(t,a):""} action=${p}>
			<${K} workspace=${e} id="matching" choice=${n} onChange=${f} many=${!0} />
			${c&&r`<${v}>${T(c)}</${v}>`}
		</${_}>`}function Co({created:e,active:t,skipped:o,waiting:n},s){let i=Ot({active:t,skipped:o,waiting:n});return e?`${ve(s,e)} ${i}`:`There is nothing to copy. ${i}`}var Pe="first-run";function Lo({user:e,meetings:t,fathom:o},n){let s=k(void 0),i=sessionStorage.getItem(Pe)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let a=s.current?n||!!o:s.current??void 0;return b(()=>{n?sessionStorage.setItem(Pe,e.id):i&&s.current===!1&&sessionStorage.removeItem(Pe)},[n,i,s.current]),a}function Bo({workspace:e,query:t}){let{meetings:o,selection:n}=e;O(()=>{let $=me(t);JSON.stringify($.filter)!==JSON.stringify(o.view.value.filter)&&n.clear(),o.show($)},[t]),Vt(()=>o.scroll,$=>{o.scroll=$});let s=o.loaded.value&&e.connections.loaded.value,i=o.error.value||e.connections.error.value,a=s&&!o.totalOfAll.value,l=Lo(e,a),u=s&&l!==void 0,c=e.fathom?.status==="invalid",m=!c&&r`<${ko} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${z} title="Meetings" />
					${u&&!l&&m}
				</div>
				${u&&!l&&e.fathom&&r`<${Fo} workspace=${e} />`}
			</div>
			${c&&!(l&&a)&&r`
				<${v}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${N("fathom")}>Replace the key</a></${v}>`}
			${u&&!a&&!e.fathom&&r`
				<${v} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${N("fathom")}>Connect Fathom</a></${v}>`}
			${i&&r`<${v}>${i} <${d} kind="link" onClick=${()=>pr(e)}>Try again</${d}></${v}>`}
			${!u&&!i&&r`<${R} label="Loading meetings" />`}
			${u&&l&&r`<${Nt} workspace=${e} />`}
			${u&&l&&!a&&r`<div class="first-tools"><div>${m}</div><${Fo} workspace=${e} /></div>`}
			${u&&!a&&r`<${Ut} /><${Xt} workspace=${e} /><${lo} workspace=${e} /><${dr} workspace=${e} />`}
		</div>`}function pr(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function Fo({workspace:e}){let{meetings:t}=e,o=X(t.readView.value.filter);return r`
		<div class="actions list-actions">
			<${_t} workspace=${e} />
			${o?r`<${To} key=${JSON.stringify(t.filter)} workspace=${e} />`:r`<${xo} workspace=${e} />`}
		</div>`}function dr({workspace:e}){let{meetings:t}=e,o=t.readView;return t.total?r`
		<${bo} workspace=${e} />
		<${go} workspace=${e} />`:t.loading.value?r`<${R} label="Searching" />`:t.isCurrent.value?r`
			<section class="empty">
				<h2>No matches</h2>
				<p>${o.value.filter.title?`No meeting has \u201C${o.value.filter.title.trim()}\u201D in its title${X({...o.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${I({...t.view.value,filter:{}})}>Show all meetings</a>
			</section>`:null}var Ao=()=>r`
	<div class="page narrow">
		<${z} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${S("/")}>Go to your meetings</a></p>
	</div>`;var{Later:A,preload:$r}=no(()=>import("./more_pages-DYRA7T4X.js"));function Eo(){let e=ge.value,{page:t}=E.value;if(He(E.value))return r`<${A} key=${location.hash} name=${hr[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${A} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${R} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${Q} />
					<p role="alert">${e.notice}</p>
					<${d} onClick=${St}>Try again</${d}>
				</main>`;case"signed-out":return r`<${ao} notice=${e.notice||gr()} />`;default:return r`<${vr} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var hr={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function gr(){return E.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":ct.value?"Sign in to finish connecting Atlassian.":""}function vr({workspace:e}){let t=E.value;b(()=>{let n=setTimeout($r,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${br}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${S("/")} aria-label="Fathom-to-Loom: meetings"><${Q} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${S("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<${Jt} workspace=${e} current=${o("upload")} />
				<a href=${je()} aria-current=${o("activity")}>Activity</a>
				<a href=${S("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${S("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${Et}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${ee.lostAt.value>0?"stale":""}>
			<${we} key=${Ue(t)} fallback=${r`<${io} />`}>
				<${yr} workspace=${e} route=${t} />
			</${we}>
		</main>
		<${so} />
		<${oo} workspace=${e} />`}function yr({workspace:e,route:t}){switch(t.page){case"upload":return r`<${A} name="UploadPage" workspace=${e} />`;case"activity":return r`<${A} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return r`<${A} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${A} name="HelpPage" />`;case"atlassian-callback":return r`<${A} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${A} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${A} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return r`<${A} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${Ao} />`;default:return r`<${Bo} workspace=${e} query=${"query"in t?t.query:""} />`}}function br(e){e.preventDefault(),document.getElementById("content")?.focus()}function Ro(){Ne(()=>{let{value:e}=ge,t=e.phase==="ready"?wr(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,$e.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let o=document.querySelector("link[rel=icon]"),n=`${ne()}/${t?"favicon-busy.svg":"favicon.svg"}`;o&&o.href!==n&&(o.href=n)})}function wr(e,t){let[o]=e;return e.size<=1?e.size?t(o).label:"":x(e.size,"copy","copies")}var Me="h1, h2, h3, .row-title, [data-landing]";function Mo(e,t,o,n){for(let s=t;s;s=s.previousSibling){let i=s.isConnected&&Po(s).find(a=>kr(a,o));if(i)return i}for(let s of e.filter(({isConnected:i})=>i)){let i=Po(s);if(i.length)return Sr(s)?i.reduce((a,l)=>n(l)<n(a)?l:a):i[0]}return null}var Sr=({localName:e})=>e==="ul"||e==="ol",Po=e=>[...e.querySelectorAll?.(Me)??[]].map(t=>t);function kr(e,t){for(let o=e;o;o=o.parentNode)if(t.has(o))return!0;return!1}function Io(e){let t=[],o=0,n=i=>{let a=t.findLast(({isConnected:c})=>!c),l=i.find(({removedNodes:c})=>[...c].includes(a))?.previousSibling??null,u=new Set(i.flatMap(({addedNodes:c})=>[...c]));return Mo([...t,e],l,u,c=>Math.abs(Oo(c)-o))},s=()=>{t[0]?.isConnected&&(o=Oo(t[0]))};e.addEventListener("focusin",i=>{t=xr(i.target,e),s()}),document.addEventListener("click",s,{capture:!0}),document.addEventListener("pointerdown",i=>{t.length&&!t[0].contains(i.target)&&(t=[])},{capture:!0}),new MutationObserver(i=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let a=Cr(t,e)??n(i);t=[],a&&(a.tabIndex<0&&(a.tabIndex=-1),a.focus({preventScroll:!0}),a.matches("[data-landing]")||a.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}var Oo=e=>e.getBoundingClientRect().top+scrollY;function xr(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}function Cr(e,t){for(let{dataset:o,isConnected:n}of e){let s=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(s)return s.querySelector(Me)}return null}Yt();mt();pt();addEventListener("pageshow",ut);at(ne());Ke();wt();Ro();var Oe=document.getElementById("app");Oe&&(Io(Oe),qe(r`<${Eo} />`,Oe));
